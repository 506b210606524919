/** Translates an error that PostgreSQL sent, by its SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
import type { ConstraintErrors } from './constraint-errors.ts';
import { DatabaseError } from './database-error.ts';
import type { ServerFailure } from './reported-failure.ts';
import { connectionLostError, findUnreachedError } from './transport-failure.ts';

/** Translates PostgreSQL's error. `isHarmless`: the statement would have changed nothing if it had run (it only reads, or is not committed). */
export function serverError(
  failure: ServerFailure,
  isHarmless: boolean,
  constraintErrors: ConstraintErrors,
): DatabaseError {
  const { code, constraint, table, column, columns, position, message: reason } = failure;
  // Neon's proxy uses one SQLSTATE for all of its own messages.
  const unreachedError = code === 'XX000' ? findUnreachedError({ code, signature: reason, reason }) : undefined;
  if (unreachedError !== undefined) return unreachedError;
  if (MAY_HAVE_RUN.test(code)) return connectionLostError(safeReason(failure), code, isHarmless);
  const { kind, retryable = false, message } = verdict(failure, constraintErrors);
  const reasonText = message ?? `PostgreSQL refused: ${safeReason(failure)} (SQLSTATE ${code}).`;
  return new DatabaseError(kind, reasonText, { code, constraint, table, column, columns, position, retryable });
}

/**
 * SQLSTATEs after which the statement may have run: the server crashed, or the connection was lost before the response arrived. `57P01`
 * (admin_shutdown) is not in the list: PostgreSQL ends a session between two steps, never between a commit and its confirmation.
 */
const MAY_HAVE_RUN = /^(?:0800[0367]|40003|57P02)$/;

interface Verdict {
  readonly kind: string;
  readonly retryable?: boolean;
  readonly message?: string;
}

function verdict(failure: ServerFailure, constraintErrors: ConstraintErrors): Verdict {
  const { code, constraint = '' } = failure;
  const violation = violationOf(failure);
  // The application's error depends on the constraint: another unique index may have another error.
  const appError = violation && Object.hasOwn(constraintErrors, constraint) ? constraintErrors[constraint] : undefined;
  if (appError !== undefined) return { kind: appError.kind, message: `${appError.message} (${constraint}).` };
  // A failed COPY has the SQLSTATE of a cancelled query: the driver has no data for the COPY.
  if (failure.message.startsWith('COPY from stdin')) return { kind: 'refused' };
  return violation ?? VERDICTS[code] ?? VERDICTS[code.slice(0, 2)] ?? { kind: 'refused' };
}

/** The verdict on a unique violation, or on a new or changed row whose foreign key refers to no row. Undefined for other errors. */
function violationOf({ code, constraint, table, columns, message }: ServerFailure): Verdict | undefined {
  const keyColumns = columns.join(', ') || 'values';
  const keyName = `${table ?? 'the table'} (${constraint})`;
  if (code === '23505')
    return { kind: 'unique-violation', message: `Another row has the same ${keyColumns} in ${keyName}.` };
  // The same code and constraint also report a row that cannot be deleted because others refer to it. Only the message differs.
  if (code !== '23503' || message.startsWith('update or delete')) return undefined;
  return { kind: 'reference-missing', message: `The row to which ${keyColumns} of ${keyName} refers does not exist.` };
}

const UNREACHED: Verdict = { kind: 'connection' };
const RETRYABLE_CONNECTION: Verdict = { kind: 'connection', retryable: true };
const ROLLED_BACK: Verdict = { kind: 'serialization-failure', retryable: true };
const TIMED_OUT: Verdict = { kind: 'timeout', retryable: true };

/** Looked up by the whole code, then by its class (the first two characters). Nothing was applied in any of these cases. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  '08001': RETRYABLE_CONNECTION, // sqlclient_unable_to_establish_sqlconnection
  '08004': RETRYABLE_CONNECTION, // sqlserver_rejected_establishment_of_sqlconnection
  '25P03': TIMED_OUT, // idle_in_transaction_session_timeout
  '25P04': TIMED_OUT, // transaction_timeout
  28: UNREACHED, // invalid authorization
  '3D': UNREACHED, // invalid catalog name
  40001: ROLLED_BACK, // serialization_failure
  '40P01': ROLLED_BACK, // deadlock_detected
  53300: RETRYABLE_CONNECTION, // too_many_connections
  '55P03': TIMED_OUT, // lock_not_available
  57014: TIMED_OUT, // query_canceled: by a time limit or by a person
  '57P01': RETRYABLE_CONNECTION, // admin_shutdown
  '57P03': RETRYABLE_CONNECTION, // cannot_connect_now: the server starts or stops
  '57P05': RETRYABLE_CONNECTION, // idle_session_timeout
};

/**
 * The reason to show: PostgreSQL's own message if it names only schema objects or the server, otherwise the condition and the names of the
 * schema objects. Messages about data repeat the data. A syntax error may contain data, and so may a name that comes from a value:
 * `$1::regclass`, `nextval($1)`, `set_config($1, …)`. If the error points at a position in the statement, the names come from the statement
 * and are safe.
 */
function safeReason(failure: ServerFailure): string {
  const { code, message, isRaised, position, constraint, table, column } = failure;
  if (isRaised) return 'a function raised an exception';
  const hasOnlyNames = NAMING_CLASS.test(code) && code !== '42601'; // syntax_error
  if (hasOnlyNames && (position !== undefined || CATALOG_MESSAGE.test(message))) return message;
  // 42883: PostgreSQL does not quote the name of a missing function or operator, so the name could not be removed.
  if (hasOnlyNames && code !== '42883') return removeNames(message, [constraint, table, column]);
  const atCharacter = code === '42601' && position !== undefined ? ` at character ${position}` : '';
  const condition = `${CONDITIONS[code] ?? 'the statement failed'}${atCharacter}`;
  const objects = Object.entries({ constraint, column, table }).filter(([, name]) => name !== undefined);
  return [condition, ...objects.map(([objectKind, name]) => `${objectKind} ${name}`)].join(', ');
}

/** Classes of SQLSTATEs whose messages contain names, and no values. */
const NAMING_CLASS = /^(?:08|2[3568]|3D|3F|4[02]|5[34578])/;

/** Messages whose names belong to existing objects or to the connection. */
const CATALOG_MESSAGE =
  /^(?:permission denied for|must be owner of|new row violates row-level security|update or delete on table|database "|password authentication)/;

/** Replaces each quoted name with `"…"`, except names that PostgreSQL also gives in a field of its own. */
function removeNames(message: string, safeNames: readonly (string | undefined)[]): string {
  return message.replaceAll(/"((?:[^"]|"")*)"/g, (quoted, name: string) => (safeNames.includes(name) ? quoted : '"…"'));
}

const CONDITIONS: Readonly<Record<string, string>> = {
  22001: 'a text is longer than its column',
  22003: 'a number is out of range',
  22007: 'a date or time cannot be read',
  22008: 'a date or time is out of range',
  22012: 'division by zero',
  22021: 'a text contains a character that PostgreSQL cannot store',
  '22P02': 'a value cannot be read as its type',
  '22P05': 'a text contains a character that PostgreSQL cannot store',
  42601: 'the statement has a syntax error',
  42883: 'there is no such function or operator',
};
