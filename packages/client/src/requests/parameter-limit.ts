/** Refuses too many parameters: PostgreSQL and the driver count them modulo 65,536, and their error messages are misleading. */
import { DatabaseError } from '../errors/database-error.ts';

/** The Bind message counts parameters in 16 bits: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const PARAMETERS_MAX = 65_535;

/** @throws {DatabaseError} `refused` for too many parameters, before anything is sent. */
export function limitParameters(count: number): void {
  if (count > PARAMETERS_MAX) throw tooManyParametersError(count.toLocaleString('en-US'));
}

/**
 * Makes a database throw the error for too many parameters also when Drizzle cannot build the statement: Drizzle passes the parameters to
 * `push` as arguments, and above about 120,000 the stack overflows.
 */
export function limitDialect<DB extends object>(db: DB): DB {
  // Drizzle's types of a database do not have `dialect`.
  const { dialect } = db as unknown as { readonly dialect: { sqlToQuery: (...statement: unknown[]) => unknown } };
  const toQuery = dialect.sqlToQuery.bind(dialect);
  dialect.sqlToQuery = (...statement) => {
    try {
      return toQuery(...statement);
    } catch (error) {
      throw error instanceof RangeError && error.message.includes('call stack')
        ? tooManyParametersError('more than 100,000')
        : error;
    }
  };
  return db;
}

function tooManyParametersError(count: string): DatabaseError {
  const message = `A statement takes at most 65,535 parameters, and this one has ${count}. Nothing was sent. Send it in parts, or use \`createMany\`.`;
  return new DatabaseError('refused', message);
}
