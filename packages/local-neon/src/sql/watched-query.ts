/** Telling of the queries behind `/sql`, which are one statement each. */
import { type OnQuery, timeQuery } from '../door/query-event.ts';
import { rawQuery } from './raw-query.ts';

/** `rawQuery`, which tells of what it ran. */
export function watchedQuery(onQuery: OnQuery): typeof rawQuery {
  return async (client, text, values, options) => {
    const tell = timeQuery(onQuery, { transport: 'http', branch: client.database ?? '', statement: text });
    try {
      const result = await rawQuery(client, text, values, options);
      tell(result);
      return result;
    } catch (error) {
      tell({ rowCount: null, error: (error as { code?: string }).code ?? '' });
      throw error;
    }
  };
}
