/** What several checks want to know is asked once a run. */
import type { Session } from '@todo/client';

import type { Context } from './check.ts';

/** By run (each has a `read` of its own), then by what is asked. */
const answers = new WeakMap<Context['read'], Map<unknown, Promise<unknown>>>();

/** Gives what `work` gave to the first check that asked; what it threw, too. `work` is known by its identity. */
export function askOnce<T>({ read }: Pick<Context, 'read'>, work: (session: Session) => Promise<T>): Promise<T> {
  return once({ read }, work, () => read(work));
}

/** The same of what is asked in another way, known by the identity of `what`. */
export function once<T>({ read }: Pick<Context, 'read'>, what: object, ask: () => Promise<T>): Promise<T> {
  const ofThisRun = answers.get(read) ?? new Map<unknown, Promise<unknown>>();
  answers.set(read, ofThisRun);
  const answer = ofThisRun.get(what) ?? ask();
  ofThisRun.set(what, answer);
  // What is kept under `what` came from `ask`.
  return answer as Promise<T>;
}
