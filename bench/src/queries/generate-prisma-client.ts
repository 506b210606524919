/** Prisma's client is generated from a schema, and comes as TypeScript. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build } from 'esbuild';

import type { Context } from '../benchmark.ts';

const SCHEMA = new URL('../../src/queries/schema.prisma', import.meta.url);
/** Where the schema has it generated to. */
const GENERATED = new URL('prisma/client.ts', import.meta.url);
const CLIENT = new URL('prisma/client.js', import.meta.url);

/** Whether there is one; a note says why not. */
export async function generatePrismaClient({ note }: Pick<Context, 'note'>): Promise<boolean> {
  try {
    await generate();
    return true;
  } catch (error) {
    note(`Prisma left out, because its client could not be generated: ${(error as Error).message}`);
    return false;
  }
}

/** The command asks for a program that migrations need; its path, any path, keeps it from downloading that. */
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
