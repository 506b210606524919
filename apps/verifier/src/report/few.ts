/** Limits the number of findings in reports for people. The first few show the problem; the rest is counted. */
import type { Severity } from '../check.ts';

const SHOWN = 5;

export interface Few<T> {
  readonly shown: readonly T[];
  /** The number of items not shown. */
  readonly more: number;
}

/** The first few items, in the given order. */
export function few<T>(items: readonly T[]): Few<T> {
  return { shown: items.slice(0, SHOWN), more: Math.max(0, items.length - SHOWN) };
}

/** The first few findings, the most severe first. */
export function fewFindings<T extends { readonly severity: Severity }>(findings: readonly T[]): Few<T> {
  return few(findings.toSorted((a, b) => WEIGHTS[b.severity] - WEIGHTS[a.severity]));
}

export const WEIGHTS: Record<Severity, number> = { error: 2, warning: 1, info: 0 };

/** `and 176 more`; undefined when all are shown. */
export function andMore({ more }: Few<unknown>): string | undefined {
  return more === 0 ? undefined : `and ${more} more`;
}
