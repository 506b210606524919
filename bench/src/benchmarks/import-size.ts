/** The size of the code that an edge application downloads and parses before its first query. */
import { gzipSync } from 'node:zlib';

import type { Benchmark } from '../benchmark.ts';
import { bundle } from '../first-query/bundle.ts';
import { ratioToDrizzle, ENTRIES, entryOf } from '../first-query/entries.ts';
import { generatePrismaClient } from '../queries/generate-prisma-client.ts';

export const importSize: Benchmark = {
  id: 'import-size',
  title: 'A program with one query over HTTP, bundled, minified and compressed',
  unit: 'kB',
  goal: { of: 'ratio', bound: 'at most', value: 1.1 },
  rounds: 1,
  ratio: ratioToDrizzle,
  async run(measure, context) {
    const names = (await generatePrismaClient(context)) ? [...ENTRIES, 'prisma'] : ENTRIES;
    return await measure(Object.fromEntries(names.map((name) => [name, () => sizeOf(entryOf(name))])));
  },
};

async function sizeOf(entry: URL): Promise<number> {
  return gzipSync(await bundle(entry), { level: 9 }).length / 1000;
}
