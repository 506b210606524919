/**
 * A batch over HTTP accepts only unsent queries of an HTTP client. Other queries would compile, and Drizzle would return raw rows for them.
 */
import { is } from 'drizzle-orm';
import { NeonHttpPreparedQuery } from 'drizzle-orm/neon-http/session';

import { DatabaseError } from '../errors/database-error.ts';

/** @throws {DatabaseError} `refused`, with the position of the first query that cannot be in a batch. Nothing is sent. */
export function requireBatchable(queries: readonly unknown[]): void {
  for (const [index, query] of queries.entries()) {
    const reason = faultOf(query);
    if (reason === undefined) continue;
    throw new DatabaseError('refused', `Query ${index + 1} of the batch ${reason} Nothing was sent.`);
  }
}

function faultOf(query: unknown): string | undefined {
  const { _prepare: prepare } = Object(query) as { readonly _prepare?: unknown };
  if (typeof prepare !== 'function') {
    return 'is no query builder: await it alone.';
  }
  const prepared: unknown = prepare.call(query);
  // The result of `execute` is plain SQL text; its prepared form is the query itself.
  if (prepared === query || is(prepared, NeonHttpPreparedQuery)) return undefined;
  return 'belongs to another client.';
}
