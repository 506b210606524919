/** Which checks a run is about: `--only` and `--skip`. */
import type { Check } from './check.ts';

/** The command line does not fit the catalog. */
export class SelectionError extends Error {
  override readonly name = 'SelectionError';
}

export interface Selection {
  /** Ids (`schema/name`) or groups (`schema`, `schema/*`). All checks unless given. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
}

/**
 * The checks that are selected, in the catalog's order.
 * @throws {SelectionError} on an id that there is not, naming the closest; and when no check is left.
 */
export function selectChecks(checks: readonly Check[], { only = [], skip = [] }: Selection): Check[] {
  for (const pattern of [...only, ...skip]) {
    if (!checks.some((check) => matches(check, pattern))) throw unknownId(checks, pattern);
  }
  const selected = checks.filter(
    (check) =>
      (only.length === 0 || only.some((pattern) => matches(check, pattern))) &&
      !skip.some((pattern) => matches(check, pattern)),
  );
  if (selected.length === 0) throw new SelectionError('No check is left: --skip takes away all that --only names.');
  return selected;
}

/**
 * The check of an id.
 * @throws {SelectionError} when there is none, naming the closest.
 */
export function findCheck(checks: readonly Check[], id: string): Check {
  const found = checks.find((check) => check.id === id);
  if (found === undefined) throw unknownId(checks, id);
  return found;
}

function matches({ id }: Check, pattern: string): boolean {
  return id === pattern || id.startsWith(`${pattern.replace(/\/\*?$/, '')}/`);
}

function unknownId(checks: readonly Check[], pattern: string): SelectionError {
  const groups = checks.map(({ id }) => id.split('/')[0] ?? id);
  const names = [...new Set([...groups, ...checks.map(({ id }) => id)])];
  const [closest] = names.toSorted((a, b) => distance(pattern, a) - distance(pattern, b));
  return new SelectionError(`There is no check "${pattern}". Did you mean ${closest}? --list shows all.`);
}

/** How many letters to add, drop or change to make one word of the other (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(to).entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
