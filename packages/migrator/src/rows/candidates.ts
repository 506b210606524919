/** Values worth trying for a column that an expression restricts. */
import { sampleValue } from './sample-value.ts';
import type { ColumnShape } from './table-shape.ts';

/** The first is the sample value; then others of its type. */
export function candidatesOf(column: ColumnShape, _expressions: readonly string[], n: number): string[] {
  const samples = Array.from({ length: 100 }, (_, index) => sampleValue(column, n + index));
  return [...new Set(samples.filter((value) => value !== undefined))];
}
