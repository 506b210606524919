/** Translates an error that PostgreSQL sent, by its SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
import type { ConstraintErrors } from './constraint-errors.ts';
import { DatabaseError } from './database-error.ts';
import type { ServerFailure } from './reported-failure.ts';
import { connectionLost, unreached } from './transport-failure.ts';

/** @param isHarmless Whether the statement would have changed nothing if it had run: it only reads, or is not committed. */
export function serverError(
  failure: ServerFailure,
  isHarmless: boolean,
  constraintErrors: ConstraintErrors,
): DatabaseError {
  const { code, constraint, table, column, columns, position, message: words } = failure;
  // Neon's proxy uses one SQLSTATE for all of its own messages.
  const neverMet = code === 'XX000' ? unreached({ code, signature: words, words }) : undefined;
  if (neverMet !== undefined) return neverMet;
  if (MAY_HAVE_RUN.test(code)) return connectionLost(describe(failure), code, isHarmless);
  const {
    kind,
    retryable = false,
    message = `PostgreSQL refused: ${describe(failure)} (SQLSTATE ${code}).`,
  } = verdict(failure, constraintErrors);
  return new DatabaseError(kind, message, { code, constraint, table, column, columns, position, retryable });
}

/**
 * The server crashed, or the connection behind it was lost, while the answer was on its way. `57P01` is not in the list: PostgreSQL ends a
 * session between two steps, never between a commit and its confirmation.
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
  // By the constraint's name: another unique index has another meaning.
  const own = violation !== undefined && Object.hasOwn(constraintErrors, constraint) && constraintErrors[constraint];
  if (own) return { kind: own.kind, message: `${own.message} (${constraint}).` };
  // A failed COPY has the SQLSTATE of a cancelled query: the driver has no data for the COPY.
  if (failure.message.startsWith('COPY from stdin')) return { kind: 'refused' };
  return violation ?? VERDICTS[code] ?? VERDICTS[code.slice(0, 2)] ?? { kind: 'refused' };
}

/** A constraint that a new or changed row violates. */
function violationOf({ code, constraint, table, columns, message }: ServerFailure): Verdict | undefined {
  const [names, place] = [columns.join(', ') || 'values', `${table ?? 'the table'} (${constraint})`];
  if (code === '23505') return { kind: 'unique-violation', message: `Another row has the same ${names} in ${place}.` };
  // The same code and constraint also report a row that cannot be deleted because others refer to it. Only the message differs.
  if (code !== '23503' || message.startsWith('update or delete')) return undefined;
  return { kind: 'reference-missing', message: `There is no row for ${names} of ${place} to refer to.` };
}

const UNREACHED: Verdict = { kind: 'connection' };
const NOT_YET: Verdict = { kind: 'connection', retryable: true };
const UNDONE: Verdict = { kind: 'serialization-failure', retryable: true };
const TOO_LATE: Verdict = { kind: 'timeout', retryable: true };

/** Looked up by the whole code, then by its class (the first two characters). Nothing was applied in any of these cases. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  '08001': NOT_YET, // sqlclient_unable_to_establish_sqlconnection
  '08004': NOT_YET, // sqlserver_rejected_establishment_of_sqlconnection
  '25P03': TOO_LATE, // idle_in_transaction_session_timeout
  '25P04': TOO_LATE, // transaction_timeout
  28: UNREACHED, // invalid authorization
  '3D': UNREACHED, // invalid catalog name
  40001: UNDONE, // serialization_failure
  '40P01': UNDONE, // deadlock_detected
  53300: NOT_YET, // too_many_connections
  '55P03': TOO_LATE, // lock_not_available
  57014: TOO_LATE, // query_canceled: by a time limit or by a person
  '57P01': NOT_YET, // admin_shutdown
  '57P03': NOT_YET, // cannot_connect_now: the server starts or stops
  '57P05': NOT_YET, // idle_session_timeout
};

/**
 * PostgreSQL's own message if it names only schema objects or the server. Messages about data repeat the data. A syntax error may contain
 * data, and so may a name that was made from a value: `$1::regclass`, `nextval($1)`, `set_config($1, …)`. If the error points at a position
 * in the statement, the names come from the statement and are safe.
 */
function describe(failure: ServerFailure): string {
  const { code, message, isRaised, position, constraint, table, column } = failure;
  if (isRaised) return 'a function raised an exception';
  const isNaming = OF_A_NAMING_CLASS.test(code) && code !== '42601';
  if (isNaming && (position !== undefined || OF_THE_CATALOG.test(message))) return message;
  // Without a position, PostgreSQL does not quote the name of a function or an operator.
  if (isNaming && code !== '42883') return withoutNames(message, [constraint, table, column]);
  const at = code === '42601' && position !== undefined ? ` at character ${position}` : '';
  const what = `${CONDITIONS[code] ?? 'the statement failed'}${at}`;
  const place = Object.entries({ constraint, column, table }).filter(([, name]) => name !== undefined);
  return [what, ...place.map(([thing, name]) => `${thing} ${name}`)].join(', ');
}

const OF_A_NAMING_CLASS = /^(?:08|2[3568]|3D|3F|4[02]|5[34578])/;

/** Messages whose names belong to existing objects or to the connection. */
const OF_THE_CATALOG =
  /^(?:permission denied for|must be owner of|new row violates row-level security|update or delete on table|database "|password authentication)/;

/** Replaces each quoted name with `"…"`, except names that PostgreSQL also gives in a field of its own. */
function withoutNames(message: string, known: readonly (string | undefined)[]): string {
  return message.replaceAll(/"((?:[^"]|"")*)"/g, (quoted, name: string) => (known.includes(name) ? quoted : '"…"'));
}

const CONDITIONS: Readonly<Record<string, string>> = {
  22001: 'a text is longer than its column',
  22003: 'a number is out of range',
  22007: 'a date or time cannot be read',
  22008: 'a date or time is out of range',
  22012: 'division by zero',
  22021: 'a text holds what PostgreSQL cannot store',
  '22P02': 'a value cannot be read as its type',
  '22P05': 'a text holds what PostgreSQL cannot store',
  42601: 'the statement has a syntax error',
  42883: 'there is no such function or operator',
};
