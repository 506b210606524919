/**
 * Drizzle's session over Neon's HTTP: a query is a request of its own, a batch is one request. It replaces Drizzle's own session, which
 * repeats the parameters in its errors, maps flat rows slowly, and has a cache and a console logger that an edge application would download.
 */
import type { FullQueryResults } from '@neondatabase/serverless';
import { fillPlaceholders, type Query, type SQL, type TablesRelationalConfig } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { NeonHttpQueryResultHKT } from 'drizzle-orm/neon-http/session';
import { type PgDialect, PgPreparedQuery, PgSession, type PreparedQueryConfig } from 'drizzle-orm/pg-core';
import * as drizzle from 'drizzle-orm/utils';

import type { Schema } from '../app-schema.ts';
import { DatabaseError } from '../errors/database-error.ts';
import { type Fields, flatMapper, type RowMapper } from './flat-rows.ts';
import type { HttpClient, HttpResult, HttpStatement } from './http-client.ts';

/** Drizzle's types hide this function. */
interface HiddenUtils {
  mapResultRow(fields: Fields, row: unknown[], joinsNotNullableMap?: Record<string, boolean>): unknown;
}

export class HttpSession extends PgSession<NeonHttpQueryResultHKT, Schema, TablesRelationalConfig> {
  readonly #client: HttpClient;

  constructor(dialect: PgDialect, client: HttpClient) {
    super(dialect);
    this.#client = client;
  }

  override prepareQuery<T extends PreparedQueryConfig>(
    query: Query,
    fields: Fields | undefined,
    _name: string | undefined,
    _isInArrayMode: boolean,
    mapper?: RowMapper,
  ): HttpQuery<T> {
    return new HttpQuery(this.#client, query, fields, mapper);
  }

  /** @throws {DatabaseError} `refused`, with the position of the first query that cannot be in a batch. Nothing is sent. */
  async batch(queries: readonly BatchItem<'pg'>[]): Promise<unknown[]> {
    const parts = queries.map(batchPart);
    const results = await this.#client.batch(parts.map(({ statement }) => statement));
    return results.map((result, index) => parts[index]?.mapResult(result));
  }

  override async count(query: SQL): Promise<number> {
    const { rows } = await this.execute<FullQueryResults<false>>(query);
    return Number(rows[0]?.['count']);
  }

  override async transaction(): Promise<never> {
    throw new DatabaseError('refused', 'HTTP has no transactions. Use `batch`, or `connectWebSocket`.');
  }
}

class HttpQuery<T extends PreparedQueryConfig> extends PgPreparedQuery<T> {
  readonly #client: HttpClient;
  readonly #fields: Fields | undefined;
  readonly #mapper: RowMapper | undefined;
  /** Drizzle sets it for a query with joins. */
  declare readonly joinsNotNullableMap?: Record<string, boolean>;

  constructor(client: HttpClient, query: Query, fields: Fields | undefined, mapper: RowMapper | undefined) {
    super(query, undefined, undefined);
    this.#client = client;
    this.#fields = fields;
    this.#mapper = mapper ?? (fields && flatMapper(fields));
  }

  statement(values: Record<string, unknown> = {}): HttpStatement {
    const { sql: text, params } = this.query;
    return { text, params: fillPlaceholders(params, values), arrayMode: (this.#mapper ?? this.#fields) !== undefined };
  }

  override async execute(values?: Record<string, unknown>): Promise<T['execute']> {
    return this.mapResult(await this.#client.query(this.statement(values)));
  }

  /** The rows as objects. Drizzle's `session.all` calls this. */
  async all(values?: Record<string, unknown>): Promise<T['all']> {
    const { rows } = await this.#client.query({ ...this.statement(values), arrayMode: false });
    return rows;
  }

  override mapResult(result: HttpResult): unknown {
    const fields = this.#fields;
    // `arrayMode` is set for a statement with a mapper or fields.
    const rows = result.rows as unknown[][];
    if (this.#mapper !== undefined) return this.#mapper(rows);
    if (fields === undefined) return result;
    return rows.map((row) => (drizzle as unknown as HiddenUtils).mapResultRow(fields, row, this.joinsNotNullableMap));
  }
}

interface BatchPart {
  readonly statement: HttpStatement;
  mapResult(result: HttpResult): unknown;
}

/** Prepares a query for a batch. Throws for other values than unsent queries of an HTTP client: they compile, and would return raw rows. */
function batchPart(query: unknown, index: number): BatchPart {
  const { _prepare: prepare } = Object(query) as { readonly _prepare?: unknown };
  if (typeof prepare !== 'function')
    throw notBatchableError(index, 'is not a query builder: await it outside the batch.');
  const prepared: unknown = prepare.call(query);
  if (prepared instanceof HttpQuery)
    return { statement: prepared.statement(), mapResult: (result) => prepared.mapResult(result) };
  // The result of `execute` is plain SQL text; its prepared form is the query itself.
  if (prepared !== query)
    throw notBatchableError(index, 'belongs to another client: build it on the database of the batch.');
  const { sql: text, params } = (query as BatchItem<'pg'> & { getQuery(): Query }).getQuery();
  return { statement: { text, params, arrayMode: false }, mapResult: (result) => result };
}

function notBatchableError(index: number, reason: string): DatabaseError {
  return new DatabaseError('refused', `Query ${index + 1} of the batch ${reason} Nothing was sent.`);
}
