/** Runs a query once per run and shares the result among the checks that need it. */
import type { Session } from '@todo/client';

import type { Context } from './check.ts';

/** Results by run, which is identified by its `read`, then by key. */
const answers = new WeakMap<Context['read'], Map<unknown, Promise<unknown>>>();

/** Runs `work` for the first check that asks. All checks get its result, or its error. The key is `work` itself. */
export function askOnce<T>({ read }: Pick<Context, 'read'>, work: (session: Session) => Promise<T>): Promise<T> {
  return once({ read }, work, () => read(work));
}

/** Like `askOnce`, with any function and a key of its own. */
export function once<T>({ read }: Pick<Context, 'read'>, key: object, ask: () => Promise<T>): Promise<T> {
  const ofThisRun = answers.get(read) ?? new Map<unknown, Promise<unknown>>();
  answers.set(read, ofThisRun);
  const answer = ofThisRun.get(key) ?? ask();
  ofThisRun.set(key, answer);
  // The value under `key` came from `ask`.
  return answer as Promise<T>;
}
