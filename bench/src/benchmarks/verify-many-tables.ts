/** The cost of more tables for `verify`: thirty tables beside two of the same shape, and the round trips for thirty. */
import type { Benchmark } from '../benchmark.ts';
import { verify } from '../verify/commands.ts';
import { createTables } from '../verify/many-tables.ts';
import { countRoundTrips } from '../verify/round-trips.ts';
import { startLocalNeon } from '../workspace.ts';

const MANY = 30;
const FEW = 2;

export const verifyManyTables: Benchmark = {
  id: 'verify-many-tables',
  title: `Every check on ${MANY} tables, beside ${FEW} of the same shape`,
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', value: 3 },
  rounds: 5,
  ratio: ({ ours = NaN, few = NaN }) => ours / few,
  async run(measure, context) {
    await using neon = await startLocalNeon();
    const prepareRun = async (tables: number) => {
      const { url } = await neon.branches.create(`tables_${tables}`, { from: 'template1' });
      const database = await createTables(tables, url, context.folder);
      return async () => (await verify(['--url', url, '--database', database, '--write'], context)).wholeMs;
    };
    return await measure({ ours: await prepareRun(MANY), few: await prepareRun(FEW) });
  },
};

export const verifyManyTablesRoundTrips: Benchmark = {
  id: 'verify-many-tables-round-trips',
  title: `Round trips on the critical path of a read-only run on ${MANY} tables`,
  unit: 'round trips',
  goal: { of: 'ours', bound: 'at most', value: 20 },
  rounds: 3,
  async run(measure, context) {
    await using neon = await startLocalNeon();
    const { url } = await neon.branches.create('tables', { from: 'template1' });
    const database = await createTables(MANY, url, context.folder);
    return await measure({ ours: () => countRoundTrips(url, ['--database', database], context) });
  },
};
