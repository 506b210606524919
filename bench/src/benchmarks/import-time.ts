/** The time of a new process until its first result. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Benchmark, Context } from '../benchmark.ts';
import { bundleForNode } from '../first-query/bundle.ts';
import { ratioToDrizzle, ENTRIES, entryOf } from '../first-query/entries.ts';
import { startMigrated } from '../migrated-database.ts';
import { startProgram } from '../programs.ts';
import type { Contestant } from '../rounds.ts';
import { generatePrismaClient } from '../queries/generate-prisma-client.ts';

/** The programs by name, as URLs of their modules. */
type Programs = Readonly<Record<string, URL>>;

export const importTime: Benchmark = {
  id: 'import-time',
  title: 'From the import to the first result over HTTP, in a new process',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', value: 1.1 },
  rounds: 15,
  ratio: ratioToDrizzle,
  async run(measure, context) {
    const names = (await generatePrismaClient(context)) ? [...ENTRIES, 'prisma'] : ENTRIES;
    return await measureFirstResults(measure, context, Object.fromEntries(names.map((name) => [name, entryOf(name)])));
  },
};

export const importTimeBundled: Benchmark = {
  id: 'import-time-bundled',
  title: 'The same, with each program bundled into one file',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', value: 1.1 },
  rounds: 15,
  ratio: ratioToDrizzle,
  async run(measure, context) {
    const folder = join(context.folder, 'bundles');
    await mkdir(folder);
    const bundled = ENTRIES.map(async (name) => {
      const file = join(folder, `${name}.mjs`);
      await writeFile(file, await bundleForNode(entryOf(name)));
      return [name, pathToFileURL(file)] as const;
    });
    return await measureFirstResults(measure, context, Object.fromEntries(await Promise.all(bundled)));
  },
};

const MAIN = new URL('../first-query/main.js', import.meta.url);

/**
 * V8 starts its first full collection when the old generation reaches a limit that is near the size of these programs. A program that is a
 * little larger pays for the collection before the result (6 to 9 ms), the next one just after it. With a higher limit, none pays.
 */
const FLAGS = ['--initial-old-space-size=64'];

async function measureFirstResults<T>(
  measure: (contestants: Record<string, Contestant>) => Promise<T>,
  context: Context,
  programs: Programs,
): Promise<T> {
  await using neon = await startMigrated(context);
  const firstAnswer = async (module: URL): Promise<number> => {
    await using program = startProgram(MAIN, [module.href, neon.url], { flags: FLAGS });
    return Number(await program.readLine());
  };
  // Read the files from the disk once before, so that the first contestant is not slower.
  for (const module of Object.values(programs)) await firstAnswer(module);
  return await measure(
    Object.fromEntries(Object.entries(programs).map(([name, module]) => [name, () => firstAnswer(module)])),
  );
}
