/** Every runtime, in the order of the table. To add one: a file beside this one, and a line here. */
import { rows as bun } from './bun.js';
import { rows as deno } from './deno.js';
import { rows as edgeRuntime } from './edge-runtime.js';
import { rows as next } from './next.js';
import { rows as node } from './node.js';
import type { Row } from './row.js';
import { rows as workers } from './workers.js';

export const ROWS: readonly Row[] = [...node, ...bun, ...deno, ...workers, ...next, ...edgeRuntime];

/** All runtimes, or those whose names contain the text of `RUNTIMES_ONLY`. */
export function selectRows(): readonly Row[] {
  const { RUNTIMES_ONLY: text = '' } = process.env;
  return ROWS.filter(({ name }) => name.includes(text));
}
