/** Zod schemas derived from Drizzle tables. They accept the values that PostgreSQL stores and returns unchanged. */
export { typeMessage } from './type-message.ts';
export { requireChange } from './patch.ts';
export { idSchemaOf, listOptionsSchemaOf } from './url-value.ts';
export { type TableKey, type TableValidators, validatorsFor } from './validators-for.ts';
export { validatorsOf } from './validators-of.ts';
export * as z from './zod.ts';
