/**
 * Neon's SQL-over-HTTP endpoint: `POST /sql`. A request goes in and a response comes out; sockets are someone else's.
 * The protocol is Neon's proxy's: https://github.com/neondatabase/neon/tree/main/proxy/src/serverless
 */
import { randomUUID } from 'node:crypto';

import type { Client } from 'pg';
import { FastResponse } from 'srvx/node';

import { type RawResult, rawQuery, ResultTooLargeError } from './raw-query.ts';
import { type ElementTypes, resultJson, SCALAR_TYPES } from './result-json.ts';
import type { SessionPool } from './session-pool.ts';
import {
  BadRequestError,
  type BatchOptions,
  ISOLATION_LEVELS,
  parseSqlRequest,
  type SqlRequest,
} from './sql-request.ts';

/** Both ways, as on Neon. */
export const BYTES_MAX = 10_485_760;

/** The fields of a PostgreSQL error, https://www.postgresql.org/docs/current/protocol-error-fields.html */
const ERROR_FIELDS = [
  'code',
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'severity',
  'where',
  'table',
  'column',
  'schema',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const;

/**
 * Never rejects: what goes wrong is the response. Reading the body of a request over `BYTES_MAX` must fail with a `statusCode`
 * of 413: whoever has the socket can stop reading, and need not carry every body through a stream.
 */
export function createSqlHandler(
  pool: SessionPool,
  query: typeof rawQuery = rawQuery,
): (request: Request) => Promise<Response> {
  const types = createTypeCache();

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/sql' && request.method === 'OPTIONS') return answer(200, '', { allow: 'POST, OPTIONS' });
    if (pathname !== '/sql' || request.method !== 'POST') return answer(400, '"query is not supported"');
    // Who tells how much he will send is told at once.
    if (Number(request.headers.get('content-length')) > BYTES_MAX) return requestTooLarge();
    try {
      const sqlRequest = parseSqlRequest(request.headers, await request.text());
      const json = await pool.use(sqlRequest.credentials, request.signal, (client) =>
        run(client, sqlRequest, types, query),
      );
      if (Buffer.byteLength(json) > BYTES_MAX) throw new ResultTooLargeError();
      return answer(200, json, batchHeaders(sqlRequest.batch));
    } catch (error) {
      return failure(error);
    }
  };
}

async function run(client: Client, request: SqlRequest, types: TypeCache, query: typeof rawQuery): Promise<string> {
  const results = request.batch
    ? await runBatch(client, request, request.batch, query)
    : await runStatements(client, request, query);
  const elementTypes = request.rawText ? undefined : await types.read(client, request.credentials.database, results);
  const encoded = results.map((result, index) =>
    resultJson(result, { arrayMode: request.statements[index]!.arrayMode, elementTypes }),
  );
  return request.batch ? `{"results":[${encoded.join(',')}]}` : encoded[0]!;
}

async function runBatch(
  client: Client,
  request: SqlRequest,
  batch: BatchOptions,
  query: typeof rawQuery,
): Promise<RawResult[]> {
  const modes = [
    batch.isolationLevel && `ISOLATION LEVEL ${ISOLATION_LEVELS[batch.isolationLevel]}`,
    batch.readOnly && 'READ ONLY',
    batch.deferrable && 'DEFERRABLE',
  ].filter(Boolean);
  await client.query(`BEGIN ${modes.join(', ')}`);
  const results = await runStatements(client, request, query);
  await client.query('COMMIT');
  return results;
}

async function runStatements(
  client: Client,
  { statements, batch }: SqlRequest,
  query: typeof rawQuery,
): Promise<RawResult[]> {
  const results: RawResult[] = [];
  for (const { query: text, params } of statements) {
    results.push(await query(client, text, params, { bytesMax: BYTES_MAX, isLast: batch === undefined }));
  }
  return results;
}

interface TypeCache {
  read(client: Client, database: string, results: readonly RawResult[]): Promise<ElementTypes>;
}

/** Element types by database, for each has its own enums; asked for once. */
function createTypeCache(): TypeCache {
  const databases = new Map<string, Map<number, number | null>>();
  return {
    async read(client, database, results) {
      const known = databases.get(database) ?? new Map<number, number | null>();
      databases.set(database, known);
      const types = results.flatMap(({ fields }) => fields.map((field) => field.dataTypeID));
      const unknown = [...new Set(types)].filter((type) => !SCALAR_TYPES.has(type) && !known.has(type));
      if (unknown.length > 0) {
        // int2vector and oidvector have elements and are no arrays: their text is not in braces.
        const { rows } = await client.query<{ oid: number; element: number | null }>(
          `select oid, case when typinput = 'pg_catalog.array_in'::regproc then typelem end as element
            from pg_catalog.pg_type where oid = any($1::oid[])`,
          [unknown],
        );
        for (const { oid, element } of rows) known.set(oid, element);
      }
      return known;
    },
  };
}

function batchHeaders(batch: BatchOptions | undefined): Record<string, string> {
  return {
    ...(batch?.isolationLevel ? { 'neon-batch-isolation-level': batch.isolationLevel } : {}),
    ...(batch?.readOnly ? { 'neon-batch-read-only': 'true' } : {}),
    ...(batch?.deferrable ? { 'neon-batch-deferrable': 'true' } : {}),
  };
}

function failure(error: unknown): Response {
  if (error instanceof ResultTooLargeError) {
    return errorAnswer(507, `response is too large (max is ${BYTES_MAX} bytes)`);
  }
  if ((error as { statusCode?: number }).statusCode === 413) return requestTooLarge();
  if (error instanceof BadRequestError) return errorAnswer(400, error.message);
  // In the words of Neon's proxy, which puts the user in other quotes.
  const message = (error as Error).message.replace(/^(password authentication failed for user )"(.*)"$/s, "$1'$2'");
  const fields = error as Partial<Record<(typeof ERROR_FIELDS)[number], string>>;
  // The driver decodes only 400, and tells people what it decoded.
  return answer(
    400,
    JSON.stringify({
      message,
      ...Object.fromEntries(ERROR_FIELDS.map((field) => [field, fields[field] ?? null])),
    }),
  );
}

function requestTooLarge(): Response {
  return errorAnswer(413, `request is too large (max is ${BYTES_MAX} bytes)`);
}

function errorAnswer(status: number, message: string): Response {
  return answer(status, JSON.stringify({ message, ...Object.fromEntries(ERROR_FIELDS.map((field) => [field, null])) }));
}

function answer(status: number, json: string, headers: Record<string, string> = {}): Response {
  // Written out as it is: a `Response` carries every body through a stream, and its headers through a list of their own.
  return new FastResponse(json, {
    status,
    headers: { 'content-type': 'application/json', 'neon-request-id': randomUUID(), ...headers },
  });
}
