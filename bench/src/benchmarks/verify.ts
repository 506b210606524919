/** The duration of `verify`, beside commands that only compare the schema. */
import type { Benchmark, Context } from '../benchmark.ts';
import { startMigrated } from '../migrated-database.ts';
import { drizzleKitPush, prismaMigrateDiff, verify as runVerify } from '../verify/commands.ts';

export const verify: Benchmark = {
  id: 'verify',
  title: 'Every check, on a local Neon that starts for the run, beside other tools that only compare the schema',
  unit: 'ms',
  goal: { of: 'ours', bound: 'at most', value: 6000 },
  rounds: 5,
  async run(measure, context) {
    await using neon = await startMigrated(context);
    const others = {
      'drizzle-kit': () => drizzleKitPush(neon.url),
      ...((await hasPrisma(neon.url, context)) && { prisma: () => prismaMigrateDiff(neon.url) }),
    };
    return await measure({ ours: async () => (await runVerify([], context)).wholeMs, ...others });
  },
};

async function hasPrisma(url: string, { note }: Context): Promise<boolean> {
  try {
    await prismaMigrateDiff(url);
    return true;
  } catch (error) {
    note(`Prisma left out, because \`migrate diff\` did not run: ${(error as Error).message}`);
    return false;
  }
}
