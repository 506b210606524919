/** Logs queries for developers, without parameters, because parameters may be personal data. */
import { toDatabaseError } from '../errors/to-database-error.ts';
import { requireNumber } from '../number-option.ts';

export interface LoggedQuery {
  /** The SQL text with placeholders such as `$1`. The statements of a batch follow each other. */
  readonly statement: string;
  /**
   * The time until the response. It includes retries, the start of a suspended compute and, outside a transaction, the wait for a
   * connection. A transaction already has its connection.
   */
  readonly durationMs: number;
  /** The `kind` of the error; `other` for an error that did not come from the database. */
  readonly error: string | undefined;
}

/** Called once for each query, batch, and statement of a transaction. `console.log` is one. */
export type QueryLogger = (query: LoggedQuery) => void;

export interface LogOptions {
  /** Called with the text and duration of each query, batch and statement, never with values. `console.log` works. Default: none. */
  readonly logger?: QueryLogger;
  /** The logger is called only for operations that took at least this long. Default 0: for all. */
  readonly logSlowerThanMs?: number;
}

/** The logger for slow operations. @throws {RangeError} for an invalid `logSlowerThanMs`. */
export function loggerOf({ logger, logSlowerThanMs = 0 }: LogOptions): QueryLogger | undefined {
  requireNumber('logSlowerThanMs', logSlowerThanMs, 0, Infinity);
  return logger && ((query) => query.durationMs >= logSlowerThanMs && logger(query));
}

/** Runs a query, and logs its duration and the kind of its error. */
export async function runAndLog<T>(
  logger: QueryLogger | undefined,
  statement: string,
  run: () => Promise<T>,
): Promise<T> {
  if (logger === undefined) return run();
  const startedAt = performance.now();
  let error: LoggedQuery['error'];
  try {
    return await run();
  } catch (failure) {
    error = toDatabaseError(failure)?.kind ?? 'other';
    throw failure;
  } finally {
    logger({ statement, durationMs: performance.now() - startedAt, error });
  }
}
