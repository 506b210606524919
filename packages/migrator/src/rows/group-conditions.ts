/** Groups the conditions that share columns, because one value of a shared column must satisfy all of them. */
import type { Condition } from './conditions.ts';

/** Conditions that share columns, directly or through other conditions of the part. */
export interface Part {
  readonly columns: ReadonlySet<string>;
  readonly conditions: readonly Condition[];
}

export function groupConditions(conditions: readonly Condition[]): Part[] {
  let parts: Part[] = [];
  for (const condition of conditions) {
    const sharesColumn = (part: Part): boolean => condition.columns.some((name) => part.columns.has(name));
    const sharingParts = parts.filter(sharesColumn);
    parts = [
      ...parts.filter((part) => !sharesColumn(part)),
      {
        columns: new Set([...condition.columns, ...sharingParts.flatMap(({ columns }) => [...columns])]),
        conditions: [...sharingParts.flatMap((part) => part.conditions), condition],
      },
    ];
  }
  return parts;
}
