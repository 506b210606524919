/** The scheduler: runs each check once, after the checks that it needs, with limited concurrency. */
import { setMaxListeners } from 'node:events';

import pLimit, { type LimitFunction } from 'p-limit';

import { type Check, type Context, needsOf } from './check.ts';
import { NEEDS_WRITE } from './exit-code.ts';
import { linkFindings } from './link-findings.ts';
import { type Result, skippedResult } from './result.ts';
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
  readonly timeLimitMs?: number;
  readonly onStart?: (check: Check) => void;
  readonly onEnd?: (result: Result) => void;
}

/** The state of a run. */
interface Run extends RunOptions {
  readonly limitConcurrency: LimitFunction;
  /** The result of each started check, by its id. */
  readonly results: Map<string, Promise<Result>>;
  /** The call of `prepareToWrite`. Set by the first check that writes. */
  prepared?: Promise<void> | undefined;
}

/** The results of the selected checks, and of each failed check because of which one did not run, in the catalog's order. */
export async function runChecks(selected: readonly Check[], options: RunOptions): Promise<Result[]> {
  const run = newRun(options);
  const longFirst = selected.toSorted((a, b) => Number(b.takesLong ?? false) - Number(a.takesLong ?? false));
  await Promise.all(longFirst.filter(({ isLast }) => !isLast).map((check) => runOnce(run, check)));
  await Promise.all(selected.filter(({ isLast }) => isLast).map((check) => runOnce(run, check)));
  const results = await Promise.all(run.results.values());
  const isSelected = (id: string) => selected.some((check) => check.id === id);
  const listed = options.catalog.flatMap((check) =>
    results.filter(({ id, status }) => id === check.id && (isSelected(id) || status === 'fail')),
  );
  return linkFindings(listed);
}

function newRun(options: RunOptions): Run {
  const { mayWrite, signal, concurrency = mayWrite ? 12 : 64 } = options;
  // Each running check adds a listener; Node.js warns of a leak above ten.
  if (signal !== undefined) setMaxListeners(concurrency + 10, signal);
  return { ...options, limitConcurrency: pLimit(concurrency), results: new Map() };
}

/** Runs a check at the first call, and returns the same result at each further call. */
function runOnce(run: Run, check: Check): Promise<Result> {
  const started = run.results.get(check.id);
  if (started !== undefined) return started;
  const result = runAfterNeeds(run, check).then((ended) => {
    run.onEnd?.(ended);
    return ended;
  });
  run.results.set(check.id, result);
  return result;
}

/** Runs a check after the checks that it needs. A check that only reads does not wait for those that are expected to pass. */
async function runAfterNeeds(run: Run, check: Check): Promise<Result> {
  const writes = isWriting(check);
  if (writes && !run.mayWrite) return skippedResult(check, NEEDS_WRITE);
  const needed = neededChecks(check, run);
  const expected = writes ? [] : needed.filter(({ dependentsStartEarly }) => dependentsStartEarly);
  const awaited = needed.filter((need) => !expected.includes(need));
  const skip = await findSkip(run, check, [...awaited, ...expected.flatMap((need) => neededChecks(need, run))]);
  if (skip !== undefined) return skip;
  if (writes) await (run.prepared ??= run.prepareToWrite?.());
  const result = runWithLimitedConcurrency(run, check);
  // The result counts only if the checks that were expected to pass did pass.
  return (await findSkip(run, check, expected)) ?? (await result);
}

/** Every check that writes needs this check: the database must be the expected one. */
const IDENTITY = 'connect/identity';

function neededChecks(check: Check, { catalog }: Run): Check[] {
  return catalog.filter(({ id }) => needsOf(check).includes(id) || (id === IDENTITY && isWriting(check)));
}

function isWriting({ mode }: Check): boolean {
  return mode === 'commits' || mode === 'rolls-back';
}

/** Waits for the needed checks. Returns the result `skip` if one of them failed or was skipped; undefined if none did. */
async function findSkip(run: Run, check: Check, needed: readonly Check[]): Promise<Result | undefined> {
  for (const need of needed) {
    const { status, reason, causedBy } = await runOnce(run, need);
    if (status === 'fail') return skippedResult(check, `not run: ${need.id} failed`, need.id);
    if (status === 'skip') return skippedResult(check, reason ?? `not run: ${need.id} was skipped`, causedBy);
  }
  return undefined;
}

/** Runs the check when fewer than `concurrency` checks are running. */
function runWithLimitedConcurrency(
  { limitConcurrency, signal, onStart, contextFor, timeLimitMs = 60_000 }: Run,
  check: Check,
): Promise<Result> {
  return limitConcurrency(async () => {
    if (signal?.aborted) return skippedResult(check, 'not run: interrupted');
    onStart?.(check);
    return await runCheck(check, { contextFor, timeLimitMs, ...(signal && { signal }) });
  });
}
