/** What a batch over HTTP takes: queries of the same transport that were not sent yet. Anything else compiles, and Drizzle returns raw rows for it. */
import { is } from 'drizzle-orm';
import { NeonHttpPreparedQuery } from 'drizzle-orm/neon-http/session';

import { DatabaseError } from '../errors/database-error.ts';

/** @throws {DatabaseError} `refused`, naming the place of the first query that cannot be part of a batch. Nothing is sent. */
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
  // What `execute` returns is SQL text alone, and prepares as itself.
  if (prepared === query || is(prepared, NeonHttpPreparedQuery)) return undefined;
  return 'belongs to another client.';
}
