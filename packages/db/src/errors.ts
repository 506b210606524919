/** What went wrong with the database, the app's own kinds included. */
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

// The same class: the type alone says which kinds the app's clients give it.
export const DatabaseError: DatabaseErrorClass<AppErrorKind> = AnyDatabaseError<AppErrorKind>;

/** The `DatabaseError` in anything that was caught; undefined when it tells of no database. */
export const toDatabaseError: (error: unknown, isHarmless?: boolean) => DatabaseError | undefined =
  errorTranslator(constraintErrors);

/**
 * The HTTP status for whatever a handler threw: the app's own kinds are 409 unless `own` says otherwise; what is no error of a database or
 * of a query is 500.
 * @example
 * const status = httpStatusOf(error, { 'owner-missing': 401 });
 */
export const httpStatusOf: (error: unknown, own?: Readonly<Partial<Record<DatabaseErrorKind, number>>>) => number =
  statusOf;
