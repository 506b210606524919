/** What a text must be beyond its length, for PostgreSQL to store it and give the same text back. */
import type { z } from './zod.ts';

/** Refuses U+0000, which PostgreSQL has no room for, and half a surrogate pair, which arrives as U+FFFD. */
export function storable(text: z.ZodString): z.ZodString {
  return text
    .refine((value) => !value.includes('\0'), 'Text cannot contain the character U+0000')
    .refine((value) => !/\p{Surrogate}/u.test(value), 'Text contains half a surrogate pair');
}
