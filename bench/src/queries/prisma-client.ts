/** Prisma's client, which is generated from a schema and comes as TypeScript. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { PrismaNeon } from '@prisma/adapter-neon';
import { build } from 'esbuild';

import type { Todo } from './todo-queries.ts';

/** What of it is used here: its own types are there only once it has been generated. */
interface PrismaClient {
  readonly todo: {
    findMany(query: { where: object; orderBy: object; take: number }): Promise<Todo[]>;
    findUnique(query: { where: object }): Promise<Todo | null>;
    create(query: { data: object }): Promise<Todo>;
    update(query: { where: object; data: object }): Promise<Todo>;
  };
  $disconnect(): Promise<void>;
}

type PrismaClientClass = new (options: { adapter: Pick<PrismaNeon, 'connect'> }) => PrismaClient;

const SCHEMA = new URL('../../src/queries/schema.prisma', import.meta.url);
/** Where the schema has it generated to. */
const GENERATED = new URL('prisma/client.ts', import.meta.url);
const CLIENT = new URL('prisma/client.js', import.meta.url);

/** Generates it. The command asks for a program that migrations need; its path, any path, keeps it from downloading that. */
export async function generatePrismaClient(): Promise<void> {
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

export async function loadPrismaClient(): Promise<PrismaClientClass> {
  return ((await import(CLIENT.href)) as { PrismaClient: PrismaClientClass }).PrismaClient;
}
