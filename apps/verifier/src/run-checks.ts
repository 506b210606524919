/** The scheduler: every check once, after those it needs, a few at a time. */
import { setMaxListeners } from 'node:events';

import type { Check, Context } from './check.ts';
import { NEEDS_WRITE } from './exit-code.ts';
import { foldFindings } from './fold-findings.ts';
import { type Result, skipped } from './result.ts';
import { type Notes, runCheck } from './run-check.ts';
import { createSlots } from './slots.ts';

export interface RunOptions {
  /** All there are, to find those that a selected one needs. */
  readonly catalog: readonly Check[];
  readonly contextFor: (notes: Notes) => Context;
  readonly mayWrite: boolean;
  /** Awaited before the first check that writes; called once. */
  readonly prepareToWrite?: () => Promise<void>;
  /** When aborted, no further check starts, and those that run get a few seconds to clean up behind themselves. */
  readonly signal?: AbortSignal;
  /**
   * Checks that run at the same time. Default 12, so that none waits long for one of the 15 connections of the pool; 64 where
   * nothing is written: then most wait for the same few answers.
   */
  readonly concurrency?: number;
  /** How long one check may take. Default 60 000: on a busy machine the Neon that some wait for is slow to start. */
  readonly limitMs?: number;
  readonly onStart?: (check: Check) => void;
  readonly onEnd?: (result: Result) => void;
}

/**
 * Runs the selected checks and gives their results in the catalog's order. A check that was only needed by others is
 * listed as well when it failed: it is the cause why they did not run.
 */
export async function runChecks(selected: readonly Check[], options: RunOptions): Promise<Result[]> {
  const { catalog, contextFor, mayWrite, signal, limitMs = 60_000 } = options;
  const { concurrency = mayWrite ? 12 : 64 } = options;
  const slots = createSlots(concurrency);
  // Each check that runs listens; Node.js takes more than ten for a leak.
  if (signal !== undefined) setMaxListeners(concurrency + 10, signal);
  const results = new Map<string, Promise<Result>>();
  let prepared: Promise<void> | undefined;

  const once = (check: Check): Promise<Result> => {
    const result = results.get(check.id) ?? settle(check).then(ended);
    results.set(check.id, result);
    return result;
  };
  const ended = (result: Result): Result => {
    options.onEnd?.(result);
    return result;
  };

  const settle = async (check: Check): Promise<Result> => {
    const writes = isWriting(check.mode);
    if (writes && !mayWrite) return skipped(check, NEEDS_WRITE);
    const needed = needsOf(check);
    const assumed = writes ? [] : needed.filter(({ isAssumed }) => isAssumed);
    const before = needed.filter((need) => !assumed.includes(need));
    const missing = await firstMissing(check, [...before, ...assumed.flatMap(needsOf)]);
    if (missing !== undefined) return missing;
    if (writes) await (prepared ??= options.prepareToWrite?.());
    const result = perform(check);
    return (await firstMissing(check, assumed)) ?? (await result);
  };

  const needsOf = ({ needs, mode }: Check): Check[] =>
    catalog.filter(({ id }) => needs?.includes(id) || (id === WHERE && isWriting(mode)));

  /** What becomes of a check when one of those that it needs does not hold. */
  const firstMissing = async (check: Check, needed: readonly Check[]): Promise<Result | undefined> => {
    for (const need of needed) {
      const { status, reason, causedBy } = await once(need);
      if (status === 'fail') return skipped(check, `not run: ${need.id} failed`, need.id);
      if (status === 'skip') return skipped(check, reason ?? `not run: ${need.id} was skipped`, causedBy);
    }
    return undefined;
  };

  const perform = (check: Check): Promise<Result> =>
    slots(async () => {
      if (signal?.aborted) return skipped(check, 'not run: interrupted');
      options.onStart?.(check);
      return await runCheck(check, { contextFor, limitMs, ...(signal && { signal }) });
    });

  const longFirst = selected.toSorted((a, b) => Number(b.takesLong ?? false) - Number(a.takesLong ?? false));
  await Promise.all(longFirst.filter(({ isLast }) => !isLast).map(once));
  await Promise.all(selected.filter(({ isLast }) => isLast).map(once));
  const all = await Promise.all(results.values());
  const isSelected = (id: string) => selected.some((check) => check.id === id);
  const listed = catalog.flatMap((check) =>
    all.filter(({ id, status }) => id === check.id && (isSelected(id) || status === 'fail')),
  );
  return foldFindings(listed);
}

/** Nobody writes before it is known where. */
const WHERE = 'connect/identity';

function isWriting(mode: Check['mode']): boolean {
  return mode === 'commits' || mode === 'rolls-back';
}
