/** Database errors, including the app's own kinds. */
import {
  DatabaseError as AnyDatabaseError,
  type DatabaseErrorClass,
  errorTranslator,
  type GeneralErrorKind,
  httpStatusOf as statusOf,
  type KindsOf,
} from '@todo/client/errors';

import { constraintErrors } from './schema/constraint-errors.ts';

export { type DatabaseErrorFields, HTTP_STATUS_OF_CODE, HTTP_STATUS_OF_KIND } from '@todo/client/errors';

type AppErrorKind = KindsOf<typeof constraintErrors>;

export type DatabaseErrorKind = GeneralErrorKind | AppErrorKind;

export type DatabaseError = AnyDatabaseError<AppErrorKind>;

// The same class at run time. Only the type adds the app's own kinds.
export const DatabaseError: DatabaseErrorClass<AppErrorKind> = AnyDatabaseError<AppErrorKind>;

/** Returns the `DatabaseError` for any caught value, or undefined when the value is not a database error. */
export const toDatabaseError: (error: unknown, isHarmless?: boolean) => DatabaseError | undefined =
  errorTranslator(constraintErrors);

/**
 * The HTTP status for an error from a handler. The app's own kinds are 409 unless `statuses` gives another status. Errors that are not from
 * a database or a query are 500.
 * @example
 * const status = httpStatusOf(error, { 'owner-missing': 401 });
 */
export const httpStatusOf: (error: unknown, statuses?: Readonly<Partial<Record<DatabaseErrorKind, number>>>) => number =
  statusOf;
