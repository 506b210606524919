/** Assertions, for runtimes that have no `node:assert`. */
import { DatabaseError } from '@todo/client';

/** @throws when the two values differ as JSON. */
export function expectEqual(actual: unknown, expected: unknown): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted) throw new Error(`Expected ${wanted}, found ${found}`);
}

/**
 * Waits for a rejection with a `DatabaseError` of one of the kinds, and returns it.
 * @throws when `work` resolves, rejects with something else, or takes longer than `withinMs`.
 */
export async function expectRejection(
  work: PromiseLike<unknown>,
  kinds: readonly string[],
  withinMs = 5000,
): Promise<DatabaseError> {
  const startedAt = performance.now();
  const error: unknown = await Promise.resolve(work).then(
    () => new Error('The work resolved'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatabaseError))
    throw new Error(`Expected a DatabaseError, found ${String(error)}`, { cause: error });
  expectEqual({ isExpected: kinds.includes(error.kind), kind: error.kind }, { isExpected: true, kind: error.kind });
  const ms = Math.round(performance.now() - startedAt);
  if (ms > withinMs) throw new Error(`The error "${error.kind}" came after ${ms} ms, not within ${withinMs} ms`);
  return error;
}
