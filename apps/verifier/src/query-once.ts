/** Runs a query once per run and shares the result among the checks that need it. */
import type { Context } from './check.ts';

/** Results by run, which is identified by its `read`, then by key. */
const results = new WeakMap<Context['read'], Map<unknown, Promise<unknown>>>();

/** Runs `ask` for the first check that asks with this key. All checks get its result, or its error. */
export function queryOnce<T>({ read }: Pick<Context, 'read'>, key: object, ask: () => Promise<T>): Promise<T> {
  const resultsOfRun = results.get(read) ?? new Map<unknown, Promise<unknown>>();
  results.set(read, resultsOfRun);
  const answer = resultsOfRun.get(key) ?? ask();
  resultsOfRun.set(key, answer);
  // The value under `key` came from `ask`.
  return answer as Promise<T>;
}
