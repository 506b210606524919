/** Generates Prisma's client from a schema, as TypeScript. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build } from 'esbuild';

import type { Context } from '../benchmark.ts';

const SCHEMA = new URL('../../src/queries/schema.prisma', import.meta.url);
/** The output folder of the schema. */
const GENERATED = new URL('prisma/client.ts', import.meta.url);
const CLIENT = new URL('prisma/client.js', import.meta.url);

/** Generates the client and returns true. If that fails, a note names the reason, and the result is false. */
export async function generatePrismaClient({ note }: Pick<Context, 'note'>): Promise<boolean> {
  try {
    await generate();
    return true;
  } catch (error) {
    note(`Prisma left out, because its client could not be generated: ${(error as Error).message}`);
    return false;
  }
}

/** Runs `prisma generate`. It would download the engine for migrations, unless a path of the engine is set: any path will do. */
async function generate(): Promise<void> {
  const command = fileURLToPath(new URL('../../node_modules/.bin/prisma', import.meta.url));
  await promisify(execFile)(command, ['generate', '--schema', fileURLToPath(SCHEMA)], {
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
  });
  await build({
    entryPoints: [fileURLToPath(GENERATED)],
    outfile: fileURLToPath(CLIENT),
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
}
