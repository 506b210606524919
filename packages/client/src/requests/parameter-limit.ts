/** How many parameters one statement takes. Above that, PostgreSQL and the driver count them modulo 65,536, and say so in absurd words. */
import { DatabaseError } from '../errors/database-error.ts';

/** Bind counts them in 16 bits: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const PARAMETERS_MAX = 65_535;

/** @throws {DatabaseError} `refused`, for too many. Asked before anything is sent. */
export function limitParameters(count: number): void {
  if (count > PARAMETERS_MAX) throw tooMany(count.toLocaleString('en-US'));
}

/**
 * Has a database say so for a statement whose parameters Drizzle cannot even gather: it passes them to `push` as arguments, and above some
 * 120,000 the stack overflows.
 */
export function limitDialect<DB extends object>(db: DB): DB {
  // Missing from Drizzle's types of a database.
  const { dialect } = db as unknown as { readonly dialect: { sqlToQuery: (...statement: unknown[]) => unknown } };
  const toQuery = dialect.sqlToQuery.bind(dialect);
  dialect.sqlToQuery = (...statement) => {
    try {
      return toQuery(...statement);
    } catch (error) {
      throw error instanceof RangeError && error.message.includes('call stack') ? tooMany('more than 100,000') : error;
    }
  };
  return db;
}

function tooMany(count: string): DatabaseError {
  return new DatabaseError(
    'refused',
    `A statement takes at most 65,535 parameters, and this one has ${count}. Nothing was sent. Send it in parts, or use \`createMany\`.`,
  );
}
