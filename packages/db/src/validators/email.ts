/** One spelling for one email address, so that the unique index means one user for one address. */
import { storable } from './text.ts';
import { z } from './zod.ts';

/** The spelling that is stored and looked up: without white space around it, in lower case. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** Normalises first and then asks for what `column` asks for: white space around an address counts for no limit. */
export function emailSchema(column: z.ZodString) {
  const address = storable(column).regex(z.regexes.unicodeEmail, 'Not an email address');
  return z.string().transform(normalizeEmail).pipe(address);
}
