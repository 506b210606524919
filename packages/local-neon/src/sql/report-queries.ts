/** Query events for `/sql`. */
import { type OnQuery, startTimer } from '../query-events/query-event.ts';
import type { RunQuery } from './sql-over-http.ts';

/** Runs a statement and reports it. */
export function reportQueries(onQuery: OnQuery): RunQuery {
  return async (session, text, ...rest) => {
    const report = startTimer(onQuery, { transport: 'http', branch: session.database, statement: text });
    try {
      const result = await session.query(text, ...rest);
      report(result);
      return result;
    } catch (error) {
      report({ rowCount: null, error: (error as { code?: string }).code ?? '' });
      throw error;
    }
  };
}
