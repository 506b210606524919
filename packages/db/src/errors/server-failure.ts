/** An error that PostgreSQL sent, by its SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
import { DatabaseError, type DatabaseErrorKind } from './database-error.ts';
import type { ServerFailure } from './reported-failure.ts';
import { connectionLost, unreached } from './transport-failure.ts';

/** @param isHarmless Whether nothing would have changed if what was under way had run: it only reads, or is not committed. */
export function serverError(failure: ServerFailure, isHarmless: boolean): DatabaseError {
  const { code, constraint, table, column, message: words } = failure;
  // Neon's proxy has one SQLSTATE for all that it says itself.
  const neverMet = code === 'XX000' ? unreached({ code, signature: words, words }) : undefined;
  if (neverMet !== undefined) return neverMet;
  if (MAY_HAVE_RUN.has(code)) return connectionLost(describe(failure), code, isHarmless);
  const {
    kind,
    retryable = false,
    message = `PostgreSQL refused: ${describe(failure)} (SQLSTATE ${code}).`,
  } = verdict(failure);
  return new DatabaseError(kind, message, { code, constraint, table, column, retryable });
}

/**
 * The server broke down, or the connection behind it, with the answer on its way. `57P01` is not among them: it ends a session
 * between two steps, never between a commit and its confirmation.
 */
const MAY_HAVE_RUN = new Set(['08000', '08003', '08006', '08007', '40003', '57P02']);

interface Verdict {
  readonly kind: DatabaseErrorKind;
  readonly retryable?: boolean;
  readonly message?: string;
}

function verdict({ code, constraint, message }: ServerFailure): Verdict {
  // By the constraint's name: another unique index is not about e-mail.
  if (code === '23505' && constraint === 'idx_user_email_unique') {
    return { kind: 'email-taken', message: `Another user has this e-mail address (${constraint}).` };
  }
  // The same code and constraint for a user who may not be deleted: only the words differ.
  if (code === '23503' && constraint === 'todo_user_id_fkey' && !message.startsWith('update or delete')) {
    return { kind: 'owner-missing', message: `The user who was to own the todo does not exist (${constraint}).` };
  }
  return VERDICTS[code] ?? VERDICTS[code.slice(0, 2)] ?? { kind: 'refused' };
}

const UNREACHED: Verdict = { kind: 'connection' };
const NOT_YET: Verdict = { kind: 'connection', retryable: true };
const UNDONE: Verdict = { kind: 'serialization-failure', retryable: true };
const TOO_LATE: Verdict = { kind: 'timeout', retryable: true };

/** By the whole code, else by its class, the first two characters. In each case nothing was applied. */
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
  57014: TOO_LATE, // query_canceled: by a limit, or by hand
  '57P01': NOT_YET, // admin_shutdown
  '57P03': NOT_YET, // cannot_connect_now: it starts, or stops
  '57P05': NOT_YET, // idle_session_timeout
};

/**
 * PostgreSQL's own words where they only name things of the schema and the server. Its words on data repeat the data; a syntax
 * error may, and so may whatever a function raised.
 */
function describe({ code, message, routine, constraint, table, column }: ServerFailure): string {
  const isRaised = routine === 'exec_stmt_raise';
  if (!isRaised && code !== '42601' && NAMING_CLASSES.has(code.slice(0, 2))) return message;
  const what = isRaised ? 'a function raised an exception' : (CONDITIONS[code] ?? 'the statement failed');
  const place = Object.entries({ constraint, column, table }).filter(([, name]) => name !== undefined);
  return [what, ...place.map(([thing, name]) => `${thing} ${name}`)].join(', ');
}

const NAMING_CLASSES = new Set(['08', '23', '25', '26', '28', '3D', '3F', '40', '42', '53', '54', '55', '57', '58']);

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
};
