/** All calls from the proof into the tools that it proves. */
import type { Schema } from '@todo/client';
import { connectSession } from '@todo/client/session';
import { validatorsFor, validatorsOf, z } from '@todo/client/validators';
import type { DatabaseDefinition } from '@todo/migrator';
import { deriveRows } from '@todo/migrator/commands';
import { type Column, getTableColumns, is } from 'drizzle-orm';
import { PgArray, PgCustomColumn, PgTable } from 'drizzle-orm/pg-core';

import type { Check } from '../../src/check.ts';
import type { Result } from '../../src/result.ts';
import { checksOf } from '../../src/checks/index.ts';
import { prove } from '../prove.ts';

/** Derives validators for every table. Columns of a custom type get a refinement, because Drizzle's types do not know their values. */
export function validatorsOfSchema(schema: Schema): DatabaseDefinition['validators'] {
  const own = Object.entries(schema).flatMap(([key, table]) => {
    if (!is(table, PgTable)) return [];
    const refinements = customColumns(table);
    // The type of refinements depends on the columns of a known table; these tables are not known to the compiler.
    return Object.keys(refinements).length === 0 ? [] : [[key, validatorsOf(table, refinements as never)] as const];
  });
  return validatorsFor(schema, Object.fromEntries(own) as never);
}

function customColumns(table: PgTable): Record<string, () => z.ZodType> {
  const columns = Object.entries(getTableColumns(table)).flatMap(([key, column]) => {
    const schema = customSchema(column);
    return schema === undefined ? [] : [[key, () => schema] as const];
  });
  return Object.fromEntries(columns);
}

function customSchema(column: Column): z.ZodType | undefined {
  if (is(column, PgArray)) {
    const element = customSchema(column.baseColumn);
    return element && z.array(element);
  }
  if (!is(column, PgCustomColumn)) return undefined;
  return column.getSQLType() === 'bytea' ? z.instanceof(Buffer) : z.string();
}

/** Derives rows for every table, as `db:seed` does. Returns the reasons for tables without rows. */
export async function seed({ schema }: DatabaseDefinition, url: string): Promise<string[]> {
  await using session = await connectSession(url);
  const tables = Object.values(schema).filter((table) => is(table, PgTable));
  await session.query('begin');
  const derived = await deriveRows(session, tables);
  await session.query('commit');
  return derived.flatMap(({ reason }) => reason ?? []);
}

// Groups of checks about this machine and the network, not about a schema.
const ELSEWHERE = new Set(['env', 'connect', 'pool', 'diagnose']);

function checksAbout(): Check[] {
  return checksOf({ checks: [] }).filter(({ id }) => !ELSEWHERE.has(id.split('/')[0] ?? id));
}

/** Runs all checks that can fail because of a schema, with `--write`. */
export function verifyWriting(database: DatabaseDefinition, url: string, shadow: string): Promise<Result[]> {
  const only = checksAbout().map(({ id }) => id);
  return prove(url, { app: { database, checks: [] }, shadow, mayWrite: true, only });
}

/** Runs those of the checks that only read. */
export function verifyReading(database: DatabaseDefinition, url: string, shadow: string): Promise<Result[]> {
  const only = checksAbout()
    .filter(({ mode }) => mode === 'reads')
    .map(({ id }) => id);
  return prove(url, { app: { database, checks: [] }, shadow, only });
}
