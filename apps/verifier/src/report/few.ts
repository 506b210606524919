/** Limits the number of findings in reports for people. The first few show the problem; the rest is counted. */
import type { Severity } from '../check.ts';

const SHOWN = 5;

export interface Few<T> {
  readonly shown: readonly T[];
  /** `and 176 more`; undefined when all are shown. */
  readonly more: string | undefined;
}

/** The first few items, in the given order. */
export function few<T>(items: readonly T[]): Few<T> {
  return { shown: items.slice(0, SHOWN), more: items.length > SHOWN ? `and ${items.length - SHOWN} more` : undefined };
}

/** The first few findings, the most severe first. */
export function fewFindings<T extends { readonly severity: Severity }>(findings: readonly T[]): Few<T> {
  return few(findings.toSorted((a, b) => WEIGHTS[b.severity] - WEIGHTS[a.severity]));
}

export const WEIGHTS: Record<Severity, number> = { error: 2, warning: 1, info: 0 };
