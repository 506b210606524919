/** Runs a query once per run and shares the result among the checks that need it. */
import type { Context } from './check.ts';

/** The results of each run, by key. A run is identified by its function `read`. */
const results = new WeakMap<Context['read'], Map<unknown, Promise<unknown>>>();

/** Runs `query` for the first check that uses this key. All checks get its result, or its error. */
export function queryOnce<T>({ read }: Pick<Context, 'read'>, key: object, query: () => Promise<T>): Promise<T> {
  const resultsOfRun = results.get(read) ?? new Map<unknown, Promise<unknown>>();
  results.set(read, resultsOfRun);
  const result = resultsOfRun.get(key) ?? query();
  resultsOfRun.set(key, result);
  // The value under `key` came from `query`.
  return result as Promise<T>;
}
