/** Schemas for text that PostgreSQL stores and returns unchanged: its length in characters, and no characters that cannot be stored. */
import { typeMessage } from './type-message.ts';
import * as z from './zod.ts';

/**
 * The schema for `text` and `varchar(n)`: at most `maxLength` characters, counted in code points as in PostgreSQL. Refuses U+0000, which
 * PostgreSQL cannot store, and an unpaired surrogate, which would be stored as U+FFFD.
 */
export function textSchema(maxLength: number | undefined): z.ZodString {
  const text = z.string(typeMessage('Not a text'));
  return refuseUnstorable(maxLength === undefined ? text : text.max(maxLength, tooLongMessage(maxLength)));
}

/** The schema for `char(n)`: PostgreSQL pads the text with spaces, and does not count trailing spaces. The output is padded. */
export function paddedTextSchema(length: number): z.ZodString {
  const text = z
    .string(typeMessage('Not a text'))
    .refine((value) => lengthOf(removePadding(value)) <= length, tooLongMessage(length));
  return refuseUnstorable(text).overwrite((value) => pad(value, length));
}

/** The schema for an enum, or a text column with `enum`. Leaves out labels that the column would store differently, for example padded. */
export function labelSchema(labels: readonly string[], isReturnedUnchanged: (label: string) => boolean = () => true) {
  const accepted = labels.filter(isReturnedUnchanged);
  return z.enum(accepted, typeMessage(`Not one of: ${accepted.join(', ')}`));
}

/** Returns a function that tells whether a text column with this schema returns a label unchanged. */
export function labelCheck(schema: z.ZodString): (label: string) => boolean {
  return (label) => schema.safeParse(label).data === label;
}

/** Adds the refusal of characters that a text column does not return unchanged. */
function refuseUnstorable(schema: z.ZodString): z.ZodString {
  return schema
    .refine((value) => !value.includes('\0'), NUL_MESSAGE)
    .refine((value) => !hasLoneSurrogate(value), SURROGATE_MESSAGE);
}

export const NUL_MESSAGE = 'Text cannot contain the character U+0000';
export const SURROGATE_MESSAGE = 'Text contains a lone surrogate';

export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function tooLongMessage(maxLength: number): string {
  return `At most ${maxLength} character${maxLength === 1 ? '' : 's'}`;
}

function pad(text: string, length: number): string {
  const bare = removePadding(text);
  return bare + ' '.repeat(Math.max(0, length - lengthOf(bare)));
}

function removePadding(text: string): string {
  return text.replace(/ +$/, '');
}

/** The number of characters (code points). */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
