/** The outcomes that the pages of the packages promise, whatever a function is given. */
import { DatabaseUrlError } from '@todo/client';
import { DatabaseError, type GeneralErrorKind } from '@todo/client/errors';
import { ColumnError, CursorError, RequestTooLargeError } from '@todo/client/queries';
import { MigrationError } from '@todo/migrator';

const CLASSES = [DatabaseUrlError, ColumnError, CursorError, RequestTooLargeError, MigrationError];

/** Of a database that is there and that nobody interrupts. */
const KINDS: ReadonlySet<GeneralErrorKind | 'email-taken' | 'owner-missing'> = new Set([
  ...(['unique-violation', 'reference-missing', 'not-found', 'refused', 'email-taken', 'owner-missing'] as const),
]);

/** Thrown by the packages themselves, and not by JavaScript: for options, for a patch that changes nothing, for what is no row. */
const OWN_WORDS = [
  /^`\w+` is /,
  /^A list has no option /,
  /^Give at least one column a value$/,
  /^A row is an object/,
  /^Rows are an array/,
  /^"\w+" has no column /,
];

/** Undefined for an error that is documented, else what is wrong with it. */
export function undocumented(error: unknown, alsoKinds: readonly string[] = []): string | undefined {
  if (error instanceof DatabaseError) {
    const isKnown = [...KINDS, ...alsoKinds].includes(error.kind);
    return isKnown ? undefined : `DatabaseError ${error.kind}: ${error.message.slice(0, 300)}`;
  }
  // Of a session, which rejects with what the driver says.
  if (alsoKinds.includes('timeout') && (error as { code?: unknown } | undefined)?.code === 'ETIMEDOUT')
    return undefined;
  if (CLASSES.some((known) => error instanceof known)) return undefined;
  const isPlain = error instanceof RangeError || error instanceof TypeError;
  if (isPlain && OWN_WORDS.some((words) => words.test(error.message))) return undefined;
  return error instanceof Error ? `${error.name}: ${error.stack?.slice(0, 700)}` : `not an error: ${typeof error}`;
}
