/** What goes wrong, as RFC 9457 has it: `application/problem+json`. */
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
  /** Of a `DatabaseError`: `email-taken`, say. */
  kind: z.string().optional(),
  /** Where it was found: `json`, `query` or `param`. */
  in: z.string().optional(),
  fields: z.record(z.string(), z.array(z.string())).optional(),
  errors: z.array(z.string()).optional(),
});

export const problems = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** Makes a problem response. Its type is the plain `Response`, because any route may answer with one. */
export function problem(c: Context<Env>, status: number, title: string, more: object = {}): Response {
  const requestId = c.get('requestId');
  return c.body(JSON.stringify({ status, title, requestId, ...more }), status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
  });
}

/** Whatever a route throws. What is not the caller's to mend is told to the log alone. */
export function answerError(error: unknown, c: Context<Env>): Response {
  c.set('failure', error);
  if (error instanceof HTTPException) return problem(c, error.status, error.message);
  const { kind } = toDatabaseError(error) ?? {};
  // The owner of a session that outlived its user.
  const status = httpStatusOf(error, { 'owner-missing': 401 });
  if (status < 500) return problem(c, status, messageOf(error), { kind });
  if (status === 503) {
    c.header('retry-after', '1');
    return problem(c, status, 'The database cannot be reached at the moment. Nothing was changed: send it again.', {
      kind,
    });
  }
  return problem(c, status, 'Something went wrong here. Its cause is in the log, under this request id.', { kind });
}

/** Errors of @todo/db hold no value. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'The request was refused.';
}
