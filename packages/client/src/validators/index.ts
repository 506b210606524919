/** Zod schemas derived from Drizzle tables: what PostgreSQL stores and gives back unchanged. */
export { otherwise } from './otherwise.ts';
export { requireChange } from './patch.ts';
export { idSchemaOf, listOptionsSchemaOf } from './url-value.ts';
export { type TableKey, type TableValidators, validatorsFor } from './validators-for.ts';
export { validatorsOf } from './validators-of.ts';
export * as z from './zod.ts';
