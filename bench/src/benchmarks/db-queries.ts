/** What a todo app asks most, through us, by hand, and through the others. */
import { queriesBenchmark } from '../queries/queries-benchmark.ts';

export const dbQueries = (['list', 'get', 'create', 'complete'] as const).map(queriesBenchmark);
