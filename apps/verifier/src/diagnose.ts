/** Finds the cause and the remedy of an error. Each known failure is an entry in `failures/`. */
import { maskUrl } from '@todo/client';

import { databaseError, errorChain, type Layer } from './error-chain.ts';
import type { Failure } from './failures/failure.ts';
import { FAILURES } from './failures/index.ts';

export interface Diagnosis {
  /** The key in `FAILURES`; undefined when only the reporter of the error is known. */
  readonly failure?: string;
  readonly cause: string;
  readonly remedy: string;
}

/** Returns the cause and the remedy. Undefined if the error is not about a database, a network or a connection string: then the error is a bug. */
export function diagnose(error: unknown): Diagnosis | undefined {
  const layers = errorChain(error);
  return (
    diagnoseMigration(layers) ??
    findKnownFailure(layers.filter(isMatchable)) ??
    diagnoseLocalNeon(layers) ??
    diagnoseOther(error)
  );
}

/** A `MigrationError` already names the file, the statement and the cause. */
function diagnoseMigration(layers: readonly Layer[]): Diagnosis | undefined {
  const layer = layers.find(({ name }) => name === 'MigrationError');
  return layer && { cause: maskUrls(layer.message), remedy: '`pnpm db:status` shows each migration.' };
}

/**
 * Whether to look up the layer in `FAILURES`. The message of a `LocalNeonError` quotes PostgreSQL's log, which could match any failure.
 * Only its message about `(sslmode)` quotes no log, and has an entry: `tls-not-offered`.
 */
function isMatchable({ name, message }: Layer): boolean {
  return name !== 'LocalNeonError' || message.includes('(sslmode)');
}

/** The diagnosis of the first entry in `FAILURES` that matches one of the layers. */
function findKnownFailure(layers: readonly Layer[]): Diagnosis | undefined {
  for (const [failure, entry] of Object.entries(FAILURES)) {
    const layer = layers.find((each) => matchesFailure(entry, each));
    if (layer === undefined) continue;
    const cause = typeof entry.cause === 'string' ? entry.cause : entry.cause(layer);
    return { failure, cause, remedy: entry.remedy };
  }
  return undefined;
}

function matchesFailure({ codes, text }: Failure, { name, message, code }: Layer): boolean {
  if (code !== undefined && codes?.includes(code)) return true;
  return text?.test(`${name}: ${message}`) === true;
}

function diagnoseLocalNeon(layers: readonly Layer[]): Diagnosis | undefined {
  const layer = layers.find(({ name }) => name === 'LocalNeonError');
  if (layer === undefined) return undefined;
  const cause = `Could not start a local Neon: ${maskUrls(layer.message)}`;
  return { cause, remedy: 'Correct the cause, or pass the URL of an existing database with --url.' };
}

/** Repeats the message of PostgreSQL or of Neon's driver, without values. */
function diagnoseOther(error: unknown): Diagnosis | undefined {
  const refusal = databaseError(error);
  if (refusal !== undefined) {
    return {
      cause: `PostgreSQL refused: ${hideQuotes(refusal.message)} (SQLSTATE ${refusal.code})`,
      remedy: 'The code is explained at https://www.postgresql.org/docs/current/errcodes-appendix.html',
    };
  }
  const fromDriver = errorChain(error).find(({ name }) => name === 'NeonDbError' || name === 'DatabaseError');
  return fromDriver && { cause: hideQuotes(fromDriver.message), remedy: 'Try again, or see https://neonstatus.com' };
}

/** Replaces quoted text, which may be a value, by `…`. */
function hideQuotes(message: string): string {
  return maskUrls(message).replaceAll(/"[^"]*"|'[^']*'/g, '"…"');
}

function maskUrls(text: string): string {
  return text.replaceAll(/postgres(ql)?:\/\/\S+/g, maskUrl);
}
