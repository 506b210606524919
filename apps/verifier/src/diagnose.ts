/** The doctor: turns what a driver throws into a cause and a remedy. To know one failure more is one entry in `failures/`. */
import { maskUrl } from '@todo/client';

import { databaseError, errorChain, type Layer } from './error-chain.ts';
import type { Failure } from './failures/failure.ts';
import { FAILURES } from './failures/index.ts';

export interface Diagnosis {
  /** Of the failure in `FAILURES`; undefined when it is known only by who reports it. */
  readonly failure?: string;
  readonly cause: string;
  readonly remedy: string;
}

/** Undefined for an error that is none of a database, a network or a connection string: a bug, that is. */
export function diagnose(error: unknown): Diagnosis | undefined {
  const layers = errorChain(error);
  return ofMigration(layers) ?? known(layers.filter(speaksForItself)) ?? ofLocalNeon(layers) ?? unknownRefusal(error);
}

/** It has read the error below it, and says which file and statement it was. */
function ofMigration(layers: readonly Layer[]): Diagnosis | undefined {
  const layer = layers.find(({ name }) => name === 'MigrationError');
  return layer && { cause: withoutUrls(layer.message), remedy: '`pnpm db:status` shows each migration.' };
}

/** A local Neon's own error quotes PostgreSQL's log, in which anything may stand; the layers below it are taken at their word. */
function speaksForItself({ name, message }: Layer): boolean {
  return name !== 'LocalNeonError' || message.includes('(sslmode)');
}

function known(layers: readonly Layer[]): Diagnosis | undefined {
  for (const [failure, entry] of Object.entries(FAILURES)) {
    const layer = layers.find((each) => isSignOf(entry, each));
    if (layer === undefined) continue;
    const cause = typeof entry.cause === 'string' ? entry.cause : entry.cause(layer);
    return { failure, cause, remedy: entry.remedy };
  }
  return undefined;
}

function isSignOf({ codes, text }: Failure, { name, message, code }: Layer): boolean {
  if (code !== undefined && codes?.includes(code)) return true;
  return text?.test(`${name}: ${message}`) === true;
}

function ofLocalNeon(layers: readonly Layer[]): Diagnosis | undefined {
  const layer = layers.find(({ name }) => name === 'LocalNeonError');
  if (layer === undefined) return undefined;
  const cause = `No local Neon could be started: ${withoutUrls(layer.message)}`;
  return { cause, remedy: 'Or name a database with --url.' };
}

function unknownRefusal(error: unknown): Diagnosis | undefined {
  const refusal = databaseError(error);
  if (refusal !== undefined) {
    return {
      cause: `PostgreSQL refused: ${redact(refusal.message)} (SQLSTATE ${refusal.code})`,
      remedy: 'PostgreSQL explains the code at https://www.postgresql.org/docs/current/errcodes-appendix.html',
    };
  }
  const fromDriver = errorChain(error).find(({ name }) => name === 'NeonDbError' || name === 'DatabaseError');
  return fromDriver && { cause: redact(fromDriver.message), remedy: 'Try again, and see https://neonstatus.com' };
}

/** What PostgreSQL quotes may be a value as well as a name. */
function redact(message: string): string {
  return withoutUrls(message).replaceAll(/"[^"]*"|'[^']*'/g, '"…"');
}

function withoutUrls(text: string): string {
  return text.replaceAll(/postgres(ql)?:\/\/\S+/g, maskUrl);
}
