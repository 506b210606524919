/** A page of a list, the most frequent query of an application. */
import { sqlBenchmark, sqlCpuBenchmark } from '../load/sql-benchmark.ts';

const QUERY = `select n as id, 'Write program number ' || n as title, n % 3 = 0 as is_completed,
  timestamptz '2026-01-01' + n * interval '1 hour' as created_at from generate_series(1, 100) as n`;

export const sql100Rows = [
  ...[1, 16].map((concurrency) =>
    sqlBenchmark({
      id: `sql-100-rows-c${concurrency}`,
      title: `A select of 100 rows over /sql, ${concurrency} at once`,
      query: QUERY,
      concurrency,
      ratioMin: 0.85,
    }),
  ),
  sqlCpuBenchmark({ id: 'sql-100-rows-cpu', title: 'Processor time of a select of 100 rows over /sql', query: QUERY }),
];
