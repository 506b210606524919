/** What a text must be for PostgreSQL to store it and give the same text back. */
import { otherwise } from './otherwise.ts';
import { z } from './zod.ts';

/**
 * A text as long as `column` takes at most, in characters as PostgreSQL counts them. Refuses U+0000, which PostgreSQL has no
 * room for, and half a surrogate pair, which would be stored as U+FFFD.
 */
export function storable({ maxLength }: z.ZodString): z.ZodString {
  const text = z.string(otherwise('Not a text'));
  const fitting = maxLength === null ? text : text.max(maxLength, `At most ${maxLength} characters`);
  return fitting
    .refine((value) => !value.includes('\0'), 'Text cannot contain the character U+0000')
    .refine((value) => !/\p{Surrogate}/u.test(value), 'Text contains half a surrogate pair');
}
