/** A validator for JSON columns that are read as text: a session may have its own parser for json. */
import { z } from 'zod';

/** Returns a validator that parses a JSON text, then checks the value with `type`. */
export function jsonText<T extends z.ZodType>(type: T) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(type);
}
