/** Limits the number of findings in reports for people. The first five show the problem; the rest is counted. */
import type { Severity } from '../check.ts';

const SHOWN_MAX = 5;

export interface ShortList<T> {
  readonly shown: readonly T[];
  /** One line such as `and 176 more`; empty when all are shown. */
  readonly more: readonly string[];
}

/** The first five items, in the given order. */
export function shortList<T>(items: readonly T[]): ShortList<T> {
  return {
    shown: items.slice(0, SHOWN_MAX),
    more: items.length > SHOWN_MAX ? [`and ${items.length - SHOWN_MAX} more`] : [],
  };
}

/** The five most severe findings, the most severe first. */
export function shortListFindings<T extends { readonly severity: Severity }>(findings: readonly T[]): ShortList<T> {
  return shortList(findings.toSorted((a, b) => WEIGHTS[b.severity] - WEIGHTS[a.severity]));
}

export const WEIGHTS: Record<Severity, number> = { error: 2, warning: 1, info: 0 };
