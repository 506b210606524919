/** Text that PostgreSQL stores and returns unchanged: its length in characters, and no characters that PostgreSQL cannot store. */
import { otherwise } from './otherwise.ts';
import * as z from './zod.ts';

/**
 * For `text` and `varchar(n)`: at most `maxLength` characters, counted in code points as in PostgreSQL. Refuses U+0000, which PostgreSQL
 * cannot store, and an unpaired surrogate, which would be stored as U+FFFD.
 */
export function textSchema(maxLength: number | undefined): z.ZodString {
  const text = z.string(otherwise('Not a text'));
  return storable(maxLength === undefined ? text : text.max(maxLength, tooLong(maxLength)));
}

/** For `char(n)`: PostgreSQL pads the text with spaces, and does not count trailing spaces. The output is padded. */
export function paddedTextSchema(length: number): z.ZodString {
  const text = z
    .string(otherwise('Not a text'))
    .refine((value) => lengthOf(withoutPadding(value)) <= length, tooLong(length));
  return storable(text).overwrite((value) => padded(value, length));
}

/** For an enum, or a text column with `enum`. Leaves out labels that the column would store differently, for example padded. */
export function labelSchema(labels: readonly string[], isGivenBack: (label: string) => boolean = () => true) {
  const known = labels.filter(isGivenBack);
  return z.enum(known, otherwise(`Not one of: ${known.join(', ')}`));
}

/** Whether a text column of this type returns a label unchanged. */
export function accepts(text: z.ZodString): (label: string) => boolean {
  return (label) => text.safeParse(label).data === label;
}

function storable(text: z.ZodString): z.ZodString {
  return text.refine((value) => !value.includes('\0'), HAS_NUL).refine((value) => !hasHalfAPair(value), HALF_A_PAIR);
}

export const HAS_NUL = 'Text cannot contain the character U+0000';
export const HALF_A_PAIR = 'Text contains half a surrogate pair';

export function hasHalfAPair(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function tooLong(maxLength: number): string {
  return `At most ${maxLength} character${maxLength === 1 ? '' : 's'}`;
}

function padded(text: string, length: number): string {
  const bare = withoutPadding(text);
  return bare + ' '.repeat(Math.max(0, length - lengthOf(bare)));
}

function withoutPadding(text: string): string {
  return text.replace(/ +$/, '');
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
