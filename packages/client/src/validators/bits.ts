/** Schemas for `boolean` and `bit(n)`. */
import { typeMessage } from './type-message.ts';
import * as z from './zod.ts';

export function booleanSchema(): z.ZodBoolean {
  return z.boolean(typeMessage('Neither true nor false'));
}

/** A text of exactly `length` characters, each 0 or 1. */
export function bitText(length: number): z.ZodString {
  const message = `Not ${length} bit${length === 1 ? '' : 's'}, each 0 or 1`;
  return z.string(typeMessage(message)).regex(new RegExp(`^[01]{${length}}$`), message);
}
