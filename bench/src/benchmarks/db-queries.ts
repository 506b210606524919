/** The most frequent queries of a todo app: with ours, by hand, and with other libraries. */
import { queriesBenchmark } from '../queries/queries-benchmark.ts';

export const dbQueries = (['list', 'get', 'create', 'complete'] as const).map(queriesBenchmark);
