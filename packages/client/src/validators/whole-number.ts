/** What a number must be for an `integer` column. */
import { otherwise } from './otherwise.ts';
import { z } from './zod.ts';

/** A whole number in the range of `column`. */
export function wholeNumber({ minValue, maxValue }: z.ZodNumber): z.ZodNumber {
  const number = z.int(otherwise('Not a whole number'));
  const above = minValue === null ? number : number.min(minValue, `At least ${minValue}`);
  return maxValue === null ? above : above.max(maxValue, `At most ${maxValue}`);
}
