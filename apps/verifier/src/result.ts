/** The result of a check, and the summary of a run. */
import type { Check, Finding, Severity } from './check.ts';
import type { Evidence } from './evidence.ts';

/** `info`: all findings are infos. Counts as passed. */
export type Status = 'pass' | 'info' | 'warn' | 'fail' | 'skip' | 'not-applicable';

export interface Result {
  readonly id: string;
  readonly status: Status;
  readonly title: string;
  readonly durationMs: number;
  /** A short description of a pass. */
  readonly detail?: string;
  /** The reason of `skip` and `not-applicable`. */
  readonly reason?: string;
  /** The id of the failed check that caused a `skip`. */
  readonly causedBy?: string;
  readonly findings?: readonly ReportedFinding[];
  readonly evidence?: readonly Evidence[];
  /** The steps that were done, in order. */
  readonly steps?: readonly string[];
  /** The stack of an unexpected error in the check itself. For `--debug`. */
  readonly crash?: string;
}

/** A finding with the defaults of its check filled in, and with its cause. */
export interface ReportedFinding extends Finding {
  readonly why: string;
  readonly fix: string;
  readonly severity: Severity;
  /** The id of the failed check that explains this finding. */
  readonly causedBy?: string;
}

/** `schema` of `schema/name`. */
export function groupOf({ id }: Pick<Result, 'id'>): string {
  return id.split('/')[0] ?? id;
}

/** The result of a check that did not run. */
export function skippedResult({ id, title }: Check, reason: string, causedBy?: string): Result {
  return { id, status: 'skip', title, durationMs: 0, reason, ...(causedBy !== undefined && { causedBy }) };
}

/** Whether the check did not run. */
export function isSkipped({ status }: Result): boolean {
  return status === 'skip' || status === 'not-applicable';
}

/** The groups in the order of the results, each with its results. */
export function groupResults(results: readonly Result[]): [group: string, members: Result[]][] {
  const groups = [...new Set(results.map(groupOf))];
  return groups.map((group) => [group, results.filter((result) => groupOf(result) === group)]);
}

/** An `info` counts as passed. */
export function countStatuses(results: readonly Result[]) {
  const count = (status: Status) => results.filter((result) => result.status === status).length;
  return {
    passed: count('pass') + count('info'),
    failed: count('fail'),
    warned: count('warn'),
    informed: count('info'),
    skipped: count('skip'),
    notApplicable: count('not-applicable'),
  };
}

export type Summary = ReturnType<typeof summarize>;

export function summarize(results: readonly Result[], durationMs: number) {
  return { ...countStatuses(results), durationMs: Math.round(durationMs) };
}
