/** What a developer may watch of the traffic. Parameters are no part of it: they are people's data. */
import { toDatabaseError } from '../errors/to-database-error.ts';

export interface LoggedQuery {
  /** With placeholders, `$1` say, where the values go. A batch's statements stand one after the other. */
  readonly statement: string;
  /**
   * Until the answer was there: outside a transaction, which has its connection already, the wait for one, a waking compute and every
   * further attempt are part of it.
   */
  readonly durationMs: number;
  /** The `kind` that it was rejected with; `other` for an error that is not the database's. */
  readonly error: string | undefined;
}

/** Called once for each query, batch, and statement of a transaction. `console.log` is one. */
export type QueryLogger = (query: LoggedQuery) => void;

export async function logged<T>(logger: QueryLogger | undefined, statement: string, run: () => Promise<T>): Promise<T> {
  if (logger === undefined) return run();
  const startedAt = performance.now();
  const log = (error: LoggedQuery['error']) => logger({ statement, durationMs: performance.now() - startedAt, error });
  try {
    const answer = await run();
    log(undefined);
    return answer;
  } catch (error) {
    log(toDatabaseError(error)?.kind ?? 'other');
    throw error;
  }
}
