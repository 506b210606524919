/** Schemas for texts that PostgreSQL reads as a value and returns in a canonical form. */
import { typeMessage } from './type-message.ts';
import * as z from './zod.ts';

/** The canonical form of a text, or the reason for a refusal. */
export type Reading = string | Refusal;

export interface Refusal {
  /** The message beside the form field. */
  readonly refused: string;
}

/** A text schema. Its output is PostgreSQL's canonical form, which `read` returns. @param notAText The message for a value that is not a text. */
export function canonicalText(notAText: string, read: (text: string) => Reading): z.ZodString {
  return z
    .string(typeMessage(notAText))
    .superRefine((text, context) => {
      const reading = read(text);
      if (typeof reading !== 'string') context.addIssue(reading.refused);
    })
    .overwrite((text) => {
      const reading = read(text);
      return typeof reading === 'string' ? reading : text;
    });
}
