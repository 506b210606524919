/** The scheduler: runs each check once, after the checks that it needs, with limited concurrency. */
import { setMaxListeners } from 'node:events';

import pLimit from 'p-limit';

import type { Check, Context } from './check.ts';
import { NEEDS_WRITE } from './exit-code.ts';
import { foldFindings } from './fold-findings.ts';
import { type Result, skipped } from './result.ts';
import { type Notes, runCheck } from './run-check.ts';

export interface RunOptions {
  /** All checks, to find those that a selected check needs. */
  readonly catalog: readonly Check[];
  readonly contextFor: (notes: Notes) => Context;
  readonly mayWrite: boolean;
  /** Awaited before the first check that writes; called once. */
  readonly prepareToWrite?: () => Promise<void>;
  /** When aborted, no further check starts, and running checks get a few seconds to clean up. */
  readonly signal?: AbortSignal;
  /**
   * Number of concurrent checks. Default 12, because the pool has 15 connections; 64 if nothing is written, because then most
   * checks wait for the same few queries.
   */
  readonly concurrency?: number;
  /** Time limit of a check. Default 60 000, because on a busy machine a local Neon starts slowly. */
  readonly limitMs?: number;
  readonly onStart?: (check: Check) => void;
  readonly onEnd?: (result: Result) => void;
}

/**
 * Runs the selected checks and returns their results in the catalog's order. Also returns a failed check that was only
 * needed by others, as the reason why they did not run.
 */
export async function runChecks(selected: readonly Check[], options: RunOptions): Promise<Result[]> {
  const { catalog, contextFor, mayWrite, signal, limitMs = 60_000 } = options;
  const { concurrency = mayWrite ? 12 : 64 } = options;
  const limit = pLimit(concurrency);
  // Each running check adds a listener; Node.js warns of a leak above ten.
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
    catalog.filter(({ id }) => needs?.includes(id) || (id === IDENTITY && isWriting(mode)));

  /** The skip of a check when a check that it needs did not pass; else undefined. */
  const firstMissing = async (check: Check, needed: readonly Check[]): Promise<Result | undefined> => {
    for (const need of needed) {
      const { status, reason, causedBy } = await once(need);
      if (status === 'fail') return skipped(check, `not run: ${need.id} failed`, need.id);
      if (status === 'skip') return skipped(check, reason ?? `not run: ${need.id} was skipped`, causedBy);
    }
    return undefined;
  };

  const perform = (check: Check): Promise<Result> =>
    limit(async () => {
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

/** Writing checks need this: the database must be the expected one. */
const IDENTITY = 'connect/identity';

function isWriting(mode: Check['mode']): boolean {
  return mode === 'commits' || mode === 'rolls-back';
}
