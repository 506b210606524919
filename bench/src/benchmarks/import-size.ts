/** The size of the code that an edge application downloads and parses before its first query. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

import type { Benchmark } from '../benchmark.ts';
import { besideDrizzle, ENTRIES, entryOf } from '../first-query/entries.ts';
import { generatePrismaClient } from '../queries/generate-prisma-client.ts';

export const importSize: Benchmark = {
  id: 'import-size',
  title: 'A program with one query over HTTP, bundled, minified and compressed',
  unit: 'kB',
  goal: { of: 'ratio', bound: 'at most', value: 1.1 },
  rounds: 1,
  ratio: besideDrizzle,
  async run(measure, context) {
    const names = (await generatePrismaClient(context)) ? [...ENTRIES, 'prisma'] : ENTRIES;
    return await measure(Object.fromEntries(names.map((name) => [name, () => sizeOf(entryOf(name))])));
  },
};

async function sizeOf(entry: URL): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    write: false,
    logLevel: 'error',
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1000;
}
