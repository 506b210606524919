/** Selects the checks of a run: `--only` and `--skip`. */
import { closestMatch } from 'leven';

import type { Check } from './check.ts';
import { groupOf } from './result.ts';

/** `--only`, `--skip` or `explain` names an unknown check, or no check is left. */
export class SelectionError extends Error {
  override readonly name = 'SelectionError';
}

export interface Selection {
  /** Ids (`schema/name`) or groups (`schema`, `schema/*`). Default: all checks. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
}

/**
 * The selected checks, in the catalog's order.
 * @throws {SelectionError} for an unknown id, with the closest known one; and when no check is left.
 */
export function selectChecks(checks: readonly Check[], { only = [], skip = [] }: Selection): Check[] {
  for (const pattern of [...only, ...skip]) {
    if (!checks.some((check) => matchesPattern(check, pattern))) throw unknownIdError(checks, pattern);
  }
  const selected = checks.filter(
    (check) =>
      (only.length === 0 || only.some((pattern) => matchesPattern(check, pattern))) &&
      !skip.some((pattern) => matchesPattern(check, pattern)),
  );
  if (selected.length === 0)
    throw new SelectionError('No check is left: --skip excludes every check that --only selects.');
  return selected;
}

/** The check with an id. @throws {SelectionError} for an unknown id, with the closest known one. */
export function findCheck(checks: readonly Check[], id: string): Check {
  const found = checks.find((check) => check.id === id);
  if (found !== undefined) return found;
  const inGroup = checks.filter((check) => groupOf(check) === id);
  if (inGroup.length === 0) throw unknownIdError(checks, id);
  throw new SelectionError(
    `"${id}" is a group of checks. Name one of them: ${inGroup.map((check) => check.id).join(', ')}.`,
  );
}

/** Whether the pattern is the id of the check, or its group: `schema`, `schema/` or `schema/*`. */
function matchesPattern({ id }: Check, pattern: string): boolean {
  return id === pattern || id.startsWith(`${pattern.replace(/\/\*?$/, '')}/`);
}

function unknownIdError(checks: readonly Check[], pattern: string): SelectionError {
  const names = [...new Set([...checks.map(groupOf), ...checks.map(({ id }) => id)])];
  const closest = closestMatch(pattern, names);
  return new SelectionError(`There is no check "${pattern}". Did you mean ${closest}? --list shows all.`);
}
