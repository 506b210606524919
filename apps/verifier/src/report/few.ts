/** How many of many findings a report for people shows: the first tell what is wrong, and the others only how often. */
import type { Severity } from '../check.ts';

const SHOWN = 5;

export interface Few<T> {
  readonly shown: readonly T[];
  /** How many are not shown. */
  readonly more: number;
}

/** The first few, in the order given. */
export function few<T>(items: readonly T[]): Few<T> {
  return { shown: items.slice(0, SHOWN), more: Math.max(0, items.length - SHOWN) };
}

/** The first few, what weighs most before the others. */
export function fewFindings<T extends { readonly severity: Severity }>(findings: readonly T[]): Few<T> {
  return few(findings.toSorted((a, b) => WEIGHTS[b.severity] - WEIGHTS[a.severity]));
}

export const WEIGHTS: Record<Severity, number> = { error: 2, warning: 1, info: 0 };

/** Undefined when all are shown. */
export function andMore({ more }: Few<unknown>): string | undefined {
  return more === 0 ? undefined : `and ${more} more`;
}
