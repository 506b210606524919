/**
 * Creates a Drizzle database on our own HTTP client, from Drizzle's parts. Drizzle's own `drizzle()` does the same, but includes a console
 * logger and seven call signatures, which an edge application would have to download.
 */
import { types } from '@neondatabase/serverless';
import { createTableRelationsHelpers, extractTablesRelationalConfig } from 'drizzle-orm';
import type { NeonHttpDatabase } from 'drizzle-orm/neon-http';
import { PgDatabase, PgDialect } from 'drizzle-orm/pg-core';

import type { Schema } from '../app-schema.ts';
import type { HttpClient } from './http-client.ts';
import { HttpSession } from './http-session.ts';

/** Creates the database. It also has `batch`, which sends several queries in one request. */
export function httpDatabase<S extends Schema>(client: HttpClient, fullSchema: S): NeonHttpDatabase<S> {
  for (const type of TEXT_TYPES) types.setTypeParser(type, (text) => text);
  const { tables: schema, tableNamesMap } = extractTablesRelationalConfig(fullSchema, createTableRelationsHelpers);
  const relations = { fullSchema, schema, tableNamesMap };
  const dialect = new PgDialect();
  const session = new HttpSession(dialect, client);
  const database = new PgDatabase(dialect, session, relations as never);
  return Object.assign(database, { batch: session.batch.bind(session) }) as unknown as NeonHttpDatabase<S>;
}

/** The types that Drizzle's columns parse from text themselves: `date`, `timestamp`, `timestamptz`, `interval`, and arrays of them and of `numeric`: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const TEXT_TYPES = [1082, 1114, 1184, 1186, 1231, 1115, 1185, 1187, 1182];
