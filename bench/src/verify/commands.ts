/** The commands that compare a database with the code, each in a new process. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Context } from '../benchmark.ts';

const VERIFIER = fileURLToPath(new URL('../../../apps/verifier/dist/cli.js', import.meta.url));
const DB = fileURLToPath(new URL('../../../packages/db/', import.meta.url));
const DRIZZLE_KIT = join(DB, 'node_modules/drizzle-kit/bin.cjs');
const PRISMA = fileURLToPath(new URL('../../node_modules/prisma/build/index.js', import.meta.url));
const PRISMA_CONFIG = fileURLToPath(new URL('../../src/verify/prisma.config.mjs', import.meta.url));
const PRISMA_SCHEMA = fileURLToPath(new URL('../../src/queries/schema.prisma', import.meta.url));

/** The duration of `verify` and of its checks, in milliseconds. Throws when a check fails. */
export async function verify(args: readonly string[], { folder }: Pick<Context, 'folder'>): Promise<Verification> {
  const file = join(folder, 'verify.json');
  const wholeMs = await timeOf(VERIFIER, [...args, '--reporter', `json=${file}`]);
  // The report, in the format of its schema.
  const { summary } = JSON.parse(await readFile(file, 'utf8')) as { summary: { durationMs: number } };
  return { wholeMs, checksMs: summary.durationMs };
}

export interface Verification {
  readonly wholeMs: number;
  readonly checksMs: number;
}

/** Milliseconds of `drizzle-kit push`. On a database that equals the schema, the command compares and changes nothing. */
export const drizzleKitPush = (url: string): Promise<number> =>
  timeOf(DRIZZLE_KIT, ['push'], { cwd: DB, variables: { DATABASE_URL: url } });

/** Milliseconds of `prisma migrate diff`. The first call also downloads Prisma's engine. */
export const prismaMigrateDiff = (url: string): Promise<number> =>
  timeOf(
    PRISMA,
    ['migrate', 'diff', '--config', PRISMA_CONFIG, '--from-config-datasource', '--to-schema', PRISMA_SCHEMA],
    { variables: { DATABASE_URL: url, CHECKPOINT_DISABLE: '1' } },
  );

interface ProcessOptions {
  readonly cwd?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs a Node.js program without the caller's DATABASE_URL. Returns its duration in milliseconds. */
async function timeOf(file: string, args: readonly string[], { cwd, variables }: ProcessOptions = {}): Promise<number> {
  const { DATABASE_URL: _, ...environment } = process.env;
  const startedAt = performance.now();
  await promisify(execFile)(process.execPath, [file, ...args], {
    ...(cwd !== undefined && { cwd }),
    env: { ...environment, ...variables },
  });
  return performance.now() - startedAt;
}
