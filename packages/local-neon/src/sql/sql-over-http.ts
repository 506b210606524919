/**
 * Neon's SQL-over-HTTP endpoint: `POST /sql`. Maps a request to a response, without sockets. The protocol is that of
 * Neon's proxy: https://github.com/neondatabase/neon/tree/main/proxy/src/serverless
 */
import { randomUUID } from 'node:crypto';

import type { OnQuery } from '../query-events/query-event.ts';
import { ERROR_FIELDS } from '../wire/error-response.ts';
import { BadRequestError } from './bad-request.ts';
import { createElementTypeCache, type ReadElementTypes } from './element-types.ts';
import { BYTES_MAX, type HttpRequest, type HttpResponse } from './http-exchange.ts';
import { ResultTooLargeError } from './pipeline.ts';
import { type RawResult, rowBytesOf } from './raw-result.ts';
import { reportQueries } from './report-queries.ts';
import { resultJson } from './result-json.ts';
import type { Session } from './session.ts';
import type { SessionPool } from './session-pool.ts';
import { type BatchOptions, ISOLATION_LEVELS, parseSqlRequest, type SqlRequest } from './sql-request.ts';

const ERROR_FIELD_NAMES = Object.values(ERROR_FIELDS);

/** Creates the handler. It never rejects: an error becomes an error response. */
export function createSqlHandler(
  pool: SessionPool,
  onQuery: OnQuery | undefined,
): (request: HttpRequest) => Promise<HttpResponse> {
  const readTypes = createElementTypeCache();

  return async (request) => {
    const isSql = SQL_URL.test(request.url);
    if (isSql && request.method === 'OPTIONS') return createResponse(200, '', { allow: 'POST, OPTIONS' });
    if (!isSql || request.method !== 'POST') return createResponse(400, '"query is not supported"');
    if (request.body === undefined) return errorResponse(413, `request is too large (max is ${BYTES_MAX} bytes)`);
    try {
      const sqlRequest = parseSqlRequest(request, request.body);
      const json = await pool.use(sqlRequest.credentials, request.signal, (session) =>
        runRequest(session, sqlRequest, readTypes, onQuery),
      );
      return createResponse(200, json, batchHeaders(sqlRequest.batch));
    } catch (error) {
      return toErrorResponse(error);
    }
  };
}

const SQL_URL = /^(?:https?:\/\/[^/?#]+)?\/sql(?:[?#]|$)/;

/** Runs the statements and returns the response body. Throws `ResultTooLargeError` before the COMMIT of a batch whose results are too large. */
async function runRequest(
  session: Session,
  { batch, rawText, statements }: SqlRequest,
  readTypes: ReadElementTypes,
  onQuery: OnQuery | undefined,
): Promise<Buffer> {
  const query = onQuery ? reportQueries(session, onQuery) : session.query;
  if (batch) await session.run(beginCommand(batch));
  const results: RawResult[] = [];
  let bytesMax = BYTES_MAX;
  for (const { query: text, params } of statements) {
    const result = await query(text, params, { bytesMax, isLastBeforeReset: !batch });
    results.push(result);
    bytesMax -= rowBytesOf(result);
  }
  const elementTypes = rawText ? undefined : await readTypes(session, results, { isLastBeforeReset: !batch });
  const arrayModeOf = (index: number): boolean => statements[index]!.arrayMode;
  const encoded = results.map((result, index) => resultJson(result, { arrayMode: arrayModeOf(index), elementTypes }));
  const json = batch ? batchJson(encoded) : encoded[0]!;
  if (json.length > BYTES_MAX) throw new ResultTooLargeError();
  if (batch) await session.run('COMMIT');
  return json;
}

function beginCommand({ isolationLevel, readOnly, deferrable }: BatchOptions): string {
  const modes = [
    isolationLevel && `ISOLATION LEVEL ${ISOLATION_LEVELS[isolationLevel]}`,
    readOnly && 'READ ONLY',
    deferrable && 'DEFERRABLE',
  ];
  return `BEGIN ${modes.filter(Boolean).join(', ')}`;
}

function batchJson(results: readonly Buffer[]): Buffer {
  const comma = Buffer.from(',');
  const separated = results.flatMap((result, index) => (index === 0 ? [result] : [comma, result]));
  return Buffer.concat([Buffer.from('{"results":['), ...separated, Buffer.from(']}')]);
}

function batchHeaders(batch: BatchOptions | undefined): Record<string, string> {
  return {
    ...(batch?.isolationLevel ? { 'neon-batch-isolation-level': batch.isolationLevel } : {}),
    ...(batch?.readOnly ? { 'neon-batch-read-only': 'true' } : {}),
    ...(batch?.deferrable ? { 'neon-batch-deferrable': 'true' } : {}),
  };
}

type ErrorFields = Partial<Record<(typeof ERROR_FIELD_NAMES)[number], string>>;

function toErrorResponse(error: unknown): HttpResponse {
  if (error instanceof ResultTooLargeError) {
    return errorResponse(507, `response is too large (max is ${BYTES_MAX} bytes)`);
  }
  if (error instanceof BadRequestError) return errorResponse(400, error.message);
  // Neon's proxy quotes the user with single quotes.
  const message = (error as Error).message.replace(/^(password authentication failed for user )"(.*)"$/s, "$1'$2'");
  // Neon's driver reads the error fields of status 400 only.
  return errorResponse(400, message, error as ErrorFields);
}

function errorResponse(status: number, message: string, values: ErrorFields = {}): HttpResponse {
  const fields = Object.fromEntries(ERROR_FIELD_NAMES.map((name) => [name, values[name] ?? null]));
  return createResponse(status, JSON.stringify({ message, ...fields }));
}

function createResponse(status: number, body: string | Buffer, headers: Record<string, string> = {}): HttpResponse {
  const always = { 'content-type': 'application/json', 'neon-request-id': randomUUID() };
  return { status, headers: { ...always, ...headers }, body };
}
