/** Where the proof meets the tools that it proves, in one place. */
import type { Schema } from '@todo/client';
import type { DatabaseDefinition } from '@todo/migrator';

import type { Result } from '../../src/result.ts';
import { checks, prove } from '../prove.ts';

/** Validators of every table, with nothing refined. */
export function validatorsOfSchema(_schema: Schema): DatabaseDefinition['validators'] {
  return {};
}

/** Rows in every table. Returns why a table has none. */
export async function seed(_url: string): Promise<string[]> {
  return [];
}

// Of this machine and of the network, not of a schema.
const ELSEWHERE = new Set(['env', 'connect', 'pool', 'diagnose', 'todo']);

const OF_SCHEMAS = checks.filter(({ id }) => !ELSEWHERE.has(id.split('/')[0] ?? id));

/** All checks that a schema can fail, with `--write`. */
export function verifyWriting(database: DatabaseDefinition, url: string, shadow: string): Promise<Result[]> {
  return prove(url, { app: { database, checks: [] }, shadow, mayWrite: true, only: OF_SCHEMAS.map(({ id }) => id) });
}

/** Those of them that only read. */
export function verifyReading(database: DatabaseDefinition, url: string, shadow: string): Promise<Result[]> {
  const only = OF_SCHEMAS.filter(({ mode }) => mode === 'reads').map(({ id }) => id);
  return prove(url, { app: { database, checks: [] }, shadow, only });
}
