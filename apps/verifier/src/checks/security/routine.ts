/** A function or procedure, as the table `routine` of the queries has it. */
import { z } from 'zod';

import { quoted } from '../../code-tables.ts';

export const Routine = z.object({
  schema: z.string(),
  name: z.string(),
  /** Such as `f(integer, public.mood)`, quoted where that is needed. */
  signature: z.string(),
});

/** As SQL spells it, whatever the search path. */
export function routineName({ schema, signature }: z.infer<typeof Routine>): string {
  return `${schema === 'public' ? schema : quoted(schema)}.${signature}`;
}
