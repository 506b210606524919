/** The outcomes that the packages' pages promise for any argument. */
import { DatabaseUrlError } from '@todo/client';
import { DatabaseError, type GeneralErrorKind, isSqlState } from '@todo/client/errors';
import { ColumnError, CursorError, PageOptionError, RequestTooLargeError } from '@todo/client/queries';
import { MigrationError } from '@todo/migrator';

const CLASSES = [DatabaseUrlError, ColumnError, CursorError, PageOptionError, RequestTooLargeError, MigrationError];

/** The error kinds of a reachable database without interruptions. */
const KINDS: ReadonlySet<GeneralErrorKind | 'email-taken' | 'owner-missing'> = new Set([
  'unique-violation',
  'reference-missing',
  'not-found',
  'refused',
  'email-taken',
  'owner-missing',
]);

const NETWORK: ReadonlySet<unknown> = new Set(['ETIMEDOUT', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Messages of errors that the packages throw themselves: for options, for a patch without columns, for a value that is not a row. */
const OWN_WORDS = [
  /^`\w+` (?:is|must be) /,
  /^A list has no option /,
  /^Give at least one column a value$/,
  /^The schema exports ".*" as a module/s,
  /^Pass shared\(\) a function/,
  /^A row or a patch must be an object/,
  /^The rows must be an array/,
  /^"\w+" has no column /,
  /^Column "\w+" of "\w+" is of type .*Write this query with Drizzle/,
];

/** Undefined for a documented error, otherwise the reason why the error is not documented. */
export function undocumented(error: unknown, alsoKinds: readonly string[] = []): string | undefined {
  if (error instanceof DatabaseError) {
    const isKnown = [...KINDS, ...alsoKinds].includes(error.kind);
    return isKnown ? undefined : `DatabaseError ${error.kind}: ${error.message.slice(0, 300)}`;
  }
  // Sessions and migrations reject with the driver's error.
  const { code } = Object(error) as { readonly code?: unknown };
  if (alsoKinds.includes('connection') && (NETWORK.has(code) || isSqlState(code))) return undefined;
  if (CLASSES.some((known) => error instanceof known)) return undefined;
  const isPlain = error instanceof RangeError || error instanceof TypeError;
  if (isPlain && OWN_WORDS.some((words) => words.test(error.message))) return undefined;
  return error instanceof Error ? `${error.name}: ${error.stack?.slice(0, 700)}` : `not an error: ${typeof error}`;
}
