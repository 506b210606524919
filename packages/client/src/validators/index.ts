/** Zod schemas derived from Drizzle tables: what PostgreSQL stores and gives back unchanged. */
export { otherwise } from './otherwise.ts';
export { CHANGES_NOTHING, changesSomething, requireChange } from './patch.ts';
export { storable } from './text.ts';
export { timeSchema } from './time.ts';
export { wholeNumber } from './whole-number.ts';
export { z } from './zod.ts';
