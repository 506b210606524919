/** The time of a new process until its first answer. */
import type { Benchmark } from '../benchmark.ts';
import { besideDrizzle, ENTRIES } from '../first-query/entries.ts';
import { startMigrated } from '../migrated-database.ts';
import { startProgram } from '../programs.ts';
import { generatePrismaClient } from '../queries/generate-prisma-client.ts';

export const importTime: Benchmark = {
  id: 'import-time',
  title: 'From the import to the first answer over HTTP, in a new process',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', value: 1.1 },
  rounds: 15,
  ratio: besideDrizzle,
  async run(measure, context) {
    await using neon = await startMigrated(context);
    const names = (await generatePrismaClient(context)) ? [...ENTRIES, 'prisma'] : ENTRIES;
    const main = new URL('../first-query/main.js', import.meta.url);
    const firstAnswer = async (name: string): Promise<number> => {
      await using program = startProgram(main, [name, neon.url]);
      return Number(await program.line());
    };
    // Read the files from the disk once before, so that the first contestant is not slower.
    for (const name of names) await firstAnswer(name);
    return await measure(Object.fromEntries(names.map((name) => [name, () => firstAnswer(name)])));
  },
};
