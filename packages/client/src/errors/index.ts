/** Database errors, with a kind for each reaction of a caller. */
export type { ConstraintError, ConstraintErrors, KindsOf } from './constraint-errors.ts';
export {
  DatabaseError,
  type DatabaseErrorClass,
  type DatabaseErrorFields,
  type GeneralErrorKind,
} from './database-error.ts';
export { HTTP_STATUS_OF_CODE, HTTP_STATUS_OF_KIND, httpStatusOf } from './http-status.ts';
export { errorLayers, type ErrorLayer } from './error-layers.ts';
export { isSqlState } from './sql-state.ts';
export { errorTranslator, toDatabaseError, type Translate } from './to-database-error.ts';
