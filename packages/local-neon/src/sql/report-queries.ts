/** Reports query events for `/sql`. */
import { type OnQuery, startTimer } from '../query-events/query-event.ts';
import type { Session } from './session.ts';

/** Returns a function like `session.query` that also reports each statement. */
export function reportQueries(session: Session, onQuery: OnQuery): Session['query'] {
  return async (text, ...rest) => {
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
