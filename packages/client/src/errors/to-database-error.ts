/** Translates the errors of drivers and Drizzle, over either transport, into a `DatabaseError` that a caller can act on. */
import type { ConstraintErrors } from './constraint-errors.ts';
import { DatabaseError } from './database-error.ts';
import { errorLayers } from './error-layers.ts';
import { isReadOnly } from './reads-only.ts';
import { readFailure } from './reported-failure.ts';
import { serverError } from './server-failure.ts';
import { transportError } from './transport-failure.ts';

/**
 * Returns the `DatabaseError` for any caught value, or undefined when the value is not a database error. Errors from this package's clients
 * are returned unchanged. Errors from `pg`, from your own `drizzle()`, and wrappers around them are translated.
 *
 * A connection that is lost during a write is an `unknown-outcome`. So is a lost connection whose error does not tell which statement was
 * running.
 *
 * @param isHarmless Whether the statement would have changed nothing if it had run. Default: whether the statement only reads, for certain.
 */
export type Translate<AppKind extends string = string> = (
  error: unknown,
  isHarmless?: boolean,
) => DatabaseError<AppKind> | undefined;

/** Creates the translation for an application that has its own errors for constraints. */
export function errorTranslator<AppKind extends string>(
  constraintErrors: ConstraintErrors<AppKind> = {},
): Translate<AppKind> {
  const translate: Translate = (error, isHarmless) => {
    const typedError = errorLayers(error).find((layer) => layer instanceof DatabaseError);
    if (typedError !== undefined) return typedError;
    const report = readFailure(error);
    if (report === undefined) return undefined;
    const { failure, statement } = report;
    const changesNothing = isHarmless ?? (statement !== undefined && isReadOnly(statement));
    return failure.from === 'server'
      ? serverError(failure, changesNothing, constraintErrors)
      : transportError(failure, changesNothing);
  };
  // Kinds beyond the general ones can come from the map only.
  return translate as Translate<AppKind>;
}

/** The translation without an application's own kinds. */
export const toDatabaseError: Translate = errorTranslator();
