/** JSON columns, read as text: a session may have its own parser for json. */
import { z } from 'zod';

/** Parses a JSON text, then the value. */
export function jsonText<T extends z.ZodType>(type: T) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(type);
}
