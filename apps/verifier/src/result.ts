/** What became of a check, and what the results of a run amount to. */
import type { Check, Finding } from './check.ts';

export type Status = 'pass' | 'fail' | 'warn' | 'skip' | 'not-applicable';

export interface Result {
  readonly id: string;
  readonly status: Status;
  readonly title: string;
  readonly durationMs: number;
  /** Of a pass: what was seen. */
  readonly detail?: string;
  /** Of a skip, and of not-applicable. */
  readonly reason?: string;
  readonly findings?: readonly Finding[];
  /** What was done, in order, up to where it went wrong. */
  readonly steps?: readonly string[];
  /** The check itself broke: an error that nobody foresaw, with its stack. For `--debug`. */
  readonly crash?: string;
}

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly warned: number;
  readonly skipped: number;
  readonly notApplicable: number;
  readonly durationMs: number;
}

export function skipped({ id, title }: Check, reason: string): Result {
  return { id, status: 'skip', title, durationMs: 0, reason };
}

export function summarize(results: readonly Result[], durationMs: number): Summary {
  const count = (status: Status) => results.filter((result) => result.status === status).length;
  return {
    passed: count('pass'),
    failed: count('fail'),
    warned: count('warn'),
    skipped: count('skip'),
    notApplicable: count('not-applicable'),
    durationMs: Math.round(durationMs),
  };
}
