/** A function or procedure, as a row of the queries' table `routine`. */
import { quoted } from '@todo/migrator/catalog';
import { z } from 'zod';

export const Routine = z.object({
  schema: z.string(),
  name: z.string(),
  /** The name with its argument types, such as `f(integer, public.mood)`, quoted where SQL needs that. */
  signature: z.string(),
});

/** The name as SQL, independent of the search path. */
export function routineName({ schema, signature }: z.infer<typeof Routine>): string {
  return `${schema === 'public' ? schema : quoted(schema)}.${signature}`;
}
