/** The smallest query, which is all overhead. */
import { sqlBenchmark, sqlCpuBenchmark } from '../load/sql-benchmark.ts';

const QUERY = 'select 1 as n';

export const sqlSelect1 = [
  ...[1, 16].map((concurrency) =>
    sqlBenchmark({
      id: `sql-select-1-c${concurrency}`,
      title: `\`select 1\` over /sql, ${concurrency} at once`,
      query: QUERY,
      concurrency,
      ratioMin: 0.6,
    }),
  ),
  sqlCpuBenchmark({ id: 'sql-select-1-cpu', title: 'Processor time of a `select 1` over /sql', query: QUERY }),
];
