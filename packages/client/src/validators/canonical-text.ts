/** Text that PostgreSQL reads as a value and writes in one form of its own. */
import { otherwise } from './otherwise.ts';
import * as z from './zod.ts';

/** The form in which PostgreSQL gives the text back; or why it would not. */
export type Reading = string | Refusal;

export interface Refusal {
  /** Said beside the field. */
  readonly refused: string;
}

/** A text that comes out as PostgreSQL writes it. @param notAText The message for a value of another kind. */
export function canonicalText(notAText: string, read: (text: string) => Reading): z.ZodString {
  return z
    .string(otherwise(notAText))
    .superRefine((text, context) => {
      const reading = read(text);
      if (typeof reading !== 'string') context.addIssue(reading.refused);
    })
    .overwrite((text) => {
      const reading = read(text);
      return typeof reading === 'string' ? reading : text;
    });
}
