/** Arrays. PostgreSQL does not hold a column to the size that was declared, so no length is refused here. */
import { otherwise } from './otherwise.ts';
import * as z from './zod.ts';

/** https://www.postgresql.org/docs/current/limits.html has no number for it: `MAXDIM` in src/include/utils/array.h. */
export const DIMENSIONS_MAX = 6;

/**
 * A list of elements. None but a JSON value is null: Drizzle's types know no other, and several kinds of column misread it.
 *
 * In lists of lists, those within have one length, and it is not 0: PostgreSQL has no other arrays.
 * @param dimensions 1 for a list of elements, 2 for a list of lists.
 */
export function arraySchema(element: z.ZodType, dimensions: number): z.ZodType<unknown[]> {
  const list = z.array(element, otherwise('Not a list'));
  if (dimensions === 1) return list;
  return list.refine(
    (lists) => isRectangular(lists, dimensions - 1),
    'The lists within are empty, or not of one length',
  );
}

/** Of lists that are rectangular themselves. */
function isRectangular(lists: readonly unknown[], dimensions: number): boolean {
  const sizes = lists.map((list) => sizesOf(list, dimensions));
  return sizes.every((size) => !size.includes(0) && size.join(' ') === sizes[0]?.join(' '));
}

function sizesOf(value: unknown, dimensions: number): number[] {
  if (dimensions === 0 || !Array.isArray(value)) return [];
  return [value.length, ...sizesOf(value[0], dimensions - 1)];
}
