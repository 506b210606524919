/** Error responses of the format `application/problem+json`: https://www.rfc-editor.org/rfc/rfc9457.html */
import { z } from '@hono/zod-openapi';
import { httpStatusOf, toDatabaseError } from '@todo/db/errors';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

import type { Env } from './context.ts';

export const problemSchema = z.object({
  status: z.int(),
  title: z.string(),
  requestId: z.string(),
  /** The kind of a `DatabaseError`, such as `email-taken`. */
  kind: z.string().optional(),
  /** The invalid part of the request: `json`, `query` or `param`. */
  in: z.string().optional(),
  fields: z.record(z.string(), z.array(z.string())).optional(),
  errors: z.array(z.string()).optional(),
});

/** Describes an error response of a route, for OpenAPI. */
export const describeProblem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** Creates an error response. The type is the plain `Response`, because every route may return one. */
export function problem(c: Context<Env>, status: number, title: string, more: object = {}): Response {
  const requestId = c.get('requestId');
  return c.body(JSON.stringify({ status, title, requestId, ...more }), status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
  });
}

/** Converts an error of a route to a response. The details of a server error appear only in the log. */
export function toErrorResponse(error: unknown, c: Context<Env>): Response {
  c.set('failure', error);
  if (error instanceof HTTPException) return problem(c, error.status, error.message);
  const { kind } = toDatabaseError(error) ?? {};
  // The user of this session was deleted.
  const status = httpStatusOf(error, { 'owner-missing': 401 });
  if (status < 500) return problem(c, status, messageOf(error), { kind });
  if (status !== 503) return problem(c, status, FAILED, { kind });
  c.header('retry-after', '1');
  const cause = kind === undefined ? undefined : CAUSES_OF_503[kind];
  return problem(c, status, `${cause ?? 'The database is not available'}. ${RETRY}`, { kind });
}

/** The causes of a 503, by the kind of the error. */
const CAUSES_OF_503: Readonly<Record<string, string>> = {
  connection: 'The database cannot be reached at the moment',
  timeout: 'The database did not finish in time',
  'serialization-failure': 'Another request changed the same data',
};

const RETRY = 'Nothing was changed: send the request again.';
const FAILED = 'The server failed. The log has the cause, under this request id.';

/** The message for the client. Safe to send: error messages of @todo/db contain no row data or parameters. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'The request was refused.';
}
