/** Runs a query once per run and shares the result among the checks that need it. */
import type { Context } from './check.ts';

/** Results by run, which is identified by its `read`, then by key. */
const answers = new WeakMap<Context['read'], Map<unknown, Promise<unknown>>>();

/** Runs `ask` for the first check that asks with this key. All checks get its result, or its error. */
export function once<T>({ read }: Pick<Context, 'read'>, key: object, ask: () => Promise<T>): Promise<T> {
  const ofThisRun = answers.get(read) ?? new Map<unknown, Promise<unknown>>();
  answers.set(read, ofThisRun);
  const answer = ofThisRun.get(key) ?? ask();
  ofThisRun.set(key, answer);
  // The value under `key` came from `ask`.
  return answer as Promise<T>;
}
