/** Telling of the queries behind `/sql`, which are one statement each. */
import { type OnQuery, startTimer } from '../query-events/query-event.ts';
import type { RunQuery } from './sql-over-http.ts';

/** Runs a statement, and tells of what it ran. */
export function reportQueries(onQuery: OnQuery): RunQuery {
  return async (session, text, ...rest) => {
    const tell = startTimer(onQuery, { transport: 'http', branch: session.database, statement: text });
    try {
      const result = await session.query(text, ...rest);
      tell(result);
      return result;
    } catch (error) {
      tell({ rowCount: null, error: (error as { code?: string }).code ?? '' });
      throw error;
    }
  };
}
