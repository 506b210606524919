/** One translation of what drivers and Drizzle throw, over either transport, into what a caller can act on. */
import type { ConstraintErrors } from './constraint-errors.ts';
import { DatabaseError } from './database-error.ts';
import { errorLayers } from './error-layers.ts';
import { readsOnly } from './reads-only.ts';
import { readFailure } from './reported-failure.ts';
import { serverError } from './server-failure.ts';
import { transportError } from './transport-failure.ts';

/**
 * The `DatabaseError` in anything that was caught; undefined when it tells of no database. What this package's clients throw is one
 * already, and comes back as it is. The others: errors of `pg`, of a `drizzle()` of your own, and what wraps any of them.
 *
 * A connection lost during a write is an `unknown-outcome`; so is one whose error does not tell what was under way.
 *
 * @param isHarmless Whether nothing would have changed if what was under way had run. Default: when it certainly only reads.
 */
export type Translate<AppKind extends string = string> = (
  error: unknown,
  isHarmless?: boolean,
) => DatabaseError<AppKind> | undefined;

/** The translation for an application whose constraints mean something to it. */
export function errorTranslator<AppKind extends string>(
  constraintErrors: ConstraintErrors<AppKind> = {},
): Translate<AppKind> {
  const translate: Translate = (error, isHarmless) => {
    const own = errorLayers(error).find((layer) => layer instanceof DatabaseError);
    if (own !== undefined) return own;
    const report = readFailure(error);
    if (report === undefined) return undefined;
    const { failure, statement } = report;
    const isRead = isHarmless ?? (statement !== undefined && readsOnly(statement));
    return failure.from === 'server' ? serverError(failure, isRead, constraintErrors) : transportError(failure, isRead);
  };
  // Kinds beyond the general ones come from the map alone.
  return translate as Translate<AppKind>;
}

/** The translation without an application's own kinds. */
export const toDatabaseError: Translate = errorTranslator();
