/** Groups the conditions that share columns: they must be satisfied together. */
import type { Condition } from './conditions.ts';

export interface Part {
  readonly columns: ReadonlySet<string>;
  readonly conditions: readonly Condition[];
}

export function partsOf(conditions: readonly Condition[]): Part[] {
  let parts: Part[] = [];
  for (const condition of conditions) {
    const isTogether = (part: Part): boolean => condition.columns.some((name) => part.columns.has(name));
    const together = parts.filter(isTogether);
    parts = [
      ...parts.filter((part) => !isTogether(part)),
      {
        columns: new Set([...condition.columns, ...together.flatMap(({ columns }) => [...columns])]),
        conditions: [...together.flatMap((part) => part.conditions), condition],
      },
    ];
  }
  return parts;
}
