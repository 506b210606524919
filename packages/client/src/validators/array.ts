/** Schemas for arrays. PostgreSQL ignores the declared size of an array column, so any length is accepted. */
import { typeMessage } from './type-message.ts';
import * as z from './zod.ts';

/** The most dimensions: `MAXDIM` in PostgreSQL's src/include/utils/array.h, which the manual does not list. */
export const DIMENSIONS_MAX = 6;

/**
 * The schema for a list of elements. Only JSON elements may be null: Drizzle's types have no other null elements, and several column types
 * misread them.
 *
 * In a list of lists, all inner lists have the same length, and it is not 0: PostgreSQL has no other arrays.
 * @param dimensions 1 for a list of elements, 2 for a list of lists.
 */
export function arraySchema(element: z.ZodType, dimensions: number): z.ZodType<unknown[]> {
  const list = z.array(element, typeMessage('Not a list'));
  if (dimensions === 1) return list;
  const isArray = (lists: readonly unknown[]) => isRectangular(lists, dimensions - 1);
  return list.refine(isArray, 'The inner lists are empty, or their lengths differ');
}

/** Whether all lists have the same sizes, and no size is 0. Each list is already rectangular, so its first element has the sizes of all. */
function isRectangular(lists: readonly unknown[], dimensions: number): boolean {
  const sizes = lists.map((list) => sizesOf(list, dimensions));
  return sizes.every((size) => !size.includes(0) && size.join(' ') === sizes[0]?.join(' '));
}

/** The length of a list, of its first list, and so on, for each dimension. */
function sizesOf(value: unknown, dimensions: number): number[] {
  if (dimensions === 0 || !Array.isArray(value)) return [];
  return [value.length, ...sizesOf(value[0], dimensions - 1)];
}
