/** What became of a check, and what the results of a run amount to. */
import type { Check, Finding, Severity } from './check.ts';
import type { Evidence } from './evidence.ts';

/** `info`: all that was found weighs nothing. The run is as green as with `pass`. */
export type Status = 'pass' | 'info' | 'warn' | 'fail' | 'skip' | 'not-applicable';

export interface Result {
  readonly id: string;
  readonly status: Status;
  readonly title: string;
  readonly durationMs: number;
  /** Of a pass: what was seen. */
  readonly detail?: string;
  /** Of a skip, and of not-applicable. */
  readonly reason?: string;
  /** Of a skip: the id of the check that failed, when that is why. */
  readonly causedBy?: string;
  readonly findings?: readonly ReportedFinding[];
  readonly evidence?: readonly Evidence[];
  /** What was done, in order, up to where it went wrong. */
  readonly steps?: readonly string[];
  /** The check itself broke: an error that nobody foresaw, with its stack. For `--debug`. */
  readonly crash?: string;
}

/** A finding with what its check says for all of them, and with what is known once the run is over. */
export interface ReportedFinding extends Finding {
  readonly why: string;
  readonly fix: string;
  readonly severity: Severity;
  /** The id of the failed check that explains this one: to repair that is to repair this. */
  readonly causedBy?: string;
}

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly warned: number;
  readonly informed: number;
  readonly skipped: number;
  readonly notApplicable: number;
  readonly durationMs: number;
}

export function skipped({ id, title }: Check, reason: string, causedBy?: string): Result {
  return { id, status: 'skip', title, durationMs: 0, reason, ...(causedBy !== undefined && { causedBy }) };
}

/** An `info` counts as passed: nothing is to be done. */
export function summarize(results: readonly Result[], durationMs: number): Summary {
  const count = (status: Status) => results.filter((result) => result.status === status).length;
  return {
    passed: count('pass') + count('info'),
    failed: count('fail'),
    warned: count('warn'),
    informed: count('info'),
    skipped: count('skip'),
    notApplicable: count('not-applicable'),
    durationMs: Math.round(durationMs),
  };
}
