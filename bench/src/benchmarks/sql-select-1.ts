/** The smallest query: all of it is overhead. */
import { sqlBenchmark } from '../load/sql-benchmark.ts';

export const sqlSelect1 = [1, 16].map((concurrency) =>
  sqlBenchmark({
    id: `sql-select-1-c${concurrency}`,
    title: `\`select 1\` over /sql, ${concurrency} at once`,
    query: 'select 1 as n',
    concurrency,
    ratioMin: 0.6,
  }),
);
