/** Groups the conditions that share columns, because these must be satisfied together. */
import type { Condition } from './conditions.ts';

export interface Part {
  readonly columns: ReadonlySet<string>;
  readonly conditions: readonly Condition[];
}

export function groupConditions(conditions: readonly Condition[]): Part[] {
  let parts: Part[] = [];
  for (const condition of conditions) {
    const sharesColumn = (part: Part): boolean => condition.columns.some((name) => part.columns.has(name));
    const joined = parts.filter(sharesColumn);
    parts = [
      ...parts.filter((part) => !sharesColumn(part)),
      {
        columns: new Set([...condition.columns, ...joined.flatMap(({ columns }) => [...columns])]),
        conditions: [...joined.flatMap((part) => part.conditions), condition],
      },
    ];
  }
  return parts;
}
