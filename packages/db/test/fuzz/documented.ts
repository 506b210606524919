/** The outcomes that the pages of the packages promise, whatever a function is given. */
import { DatabaseUrlError } from '@todo/client';
import { DatabaseError, type GeneralErrorKind, isSqlState } from '@todo/client/errors';
import { ColumnError, CursorError, PageOptionError, RequestTooLargeError } from '@todo/client/queries';
import { MigrationError } from '@todo/migrator';

const CLASSES = [DatabaseUrlError, ColumnError, CursorError, PageOptionError, RequestTooLargeError, MigrationError];

/** Of a database that is there and that nobody interrupts. */
const KINDS: ReadonlySet<GeneralErrorKind | 'email-taken' | 'owner-missing'> = new Set([
  'unique-violation',
  'reference-missing',
  'not-found',
  'refused',
  'email-taken',
  'owner-missing',
]);

const NETWORK: ReadonlySet<unknown> = new Set(['ETIMEDOUT', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Thrown by the packages themselves, and not by JavaScript: for options, for a patch that changes nothing, for what is no row. */
const OWN_WORDS = [
  /^`\w+` is /,
  /^A list has no option /,
  /^Give at least one column a value$/,
  /^shared\(\) takes a function/,
  /^A row is an object/,
  /^Rows are an array/,
  /^"\w+" has no column /,
  /^Column "\w+" of "\w+" is of type .*Write this query with Drizzle/,
];

/** Undefined for an error that is documented, else what is wrong with it. */
export function undocumented(error: unknown, alsoKinds: readonly string[] = []): string | undefined {
  if (error instanceof DatabaseError) {
    const isKnown = [...KINDS, ...alsoKinds].includes(error.kind);
    return isKnown ? undefined : `DatabaseError ${error.kind}: ${error.message.slice(0, 300)}`;
  }
  // Sessions and migrations reject with what the driver says.
  const { code } = Object(error) as { readonly code?: unknown };
  if (alsoKinds.includes('connection') && (NETWORK.has(code) || isSqlState(code))) return undefined;
  if (CLASSES.some((known) => error instanceof known)) return undefined;
  const isPlain = error instanceof RangeError || error instanceof TypeError;
  if (isPlain && OWN_WORDS.some((words) => words.test(error.message))) return undefined;
  return error instanceof Error ? `${error.name}: ${error.stack?.slice(0, 700)}` : `not an error: ${typeof error}`;
}
