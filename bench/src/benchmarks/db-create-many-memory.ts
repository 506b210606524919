/** The memory of `createMany` for many todos, beside that for few. */
import type { Benchmark } from '../benchmark.ts';
import { startMigrated } from '../migrated-database.ts';
import { startProgram } from '../programs.ts';
import { connectWebSocket, users } from '../workspace.ts';

const FEW = 100_000;
const MANY = 500_000;

export const dbCreateManyMemory: Benchmark = {
  id: 'db-create-many-memory',
  title: `Peak memory of a process that creates ${MANY.toLocaleString('en-US')} todos, beside ${FEW.toLocaleString('en-US')}`,
  unit: 'MB',
  goal: { of: 'ratio', bound: 'at most', value: 1.3 },
  rounds: 3,
  ratio: ({ ours = NaN, fewer = NaN }) => ours / fewer,
  async run(measure, context) {
    await using neon = await startMigrated(context);
    await using db = connectWebSocket(neon.url);
    const { id } = await users(db).create({ email: 'ada@example.com', hashedPassword: '-' });
    const peak = async (rows: number): Promise<number> => {
      const file = new URL('../queries/create-many.js', import.meta.url);
      await using program = startProgram(file, [neon.url, `${id}`, `${rows}`]);
      return Number(await program.readLine());
    };
    return await measure({ ours: () => peak(MANY), fewer: () => peak(FEW) });
  },
};
