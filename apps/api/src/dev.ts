#!/usr/bin/env node
/** `pnpm dev`: starts the local Neon of this checkout, migrates it, adds sample data, and serves the API on it. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { connectHttp } from '@todo/db';
import { loadEnvironment } from '@todo/db/environment';
import { migrate } from '@todo/db/migrate';
import { user } from '@todo/db/schema';
import { startLocalNeon } from '@todo/local-neon';

import { logTo } from './log.ts';
import { serveApi } from './serve.ts';
import { waitForStop } from './wait-for-stop.ts';

/** Starts everything. Never uses DATABASE_URL: the requests of a developer and the sample data write rows. */
async function main(): Promise<void> {
  const { root } = loadEnvironment();
  await using neon = await startLocalNeon({ dataDir: join(root, '.local-neon') });
  await migrate(neon.url);
  if ((await connectHttp(neon.url).$count(user)) === 0) await seed(neon.url);
  const api = await serveApi({
    databaseUrl: neon.url,
    transport: 'websocket',
    // A new key at each start: all sessions of an earlier start end.
    sessionSecret: randomBytes(32).toString('hex'),
    isSecure: false,
    port: Number(process.env.PORT ?? 8787),
    host: 'localhost',
    log: logTo(process.stderr),
  });
  process.stdout.write(
    `The todo API: ${api.origin}/docs (sign in as ada@example.com, password "password"); Ctrl-C stops it\n`,
  );
  await waitForStop(api.close);
}

/** Writes the sample data, as `pnpm db:seed` does. */
async function seed(url: string): Promise<void> {
  const command = fileURLToPath(new URL('cli.js', import.meta.resolve('@todo/db/database')));
  const child = spawn(process.execPath, [command, 'seed'], {
    stdio: ['ignore', process.stderr, process.stderr],
    env: { ...process.env, DATABASE_URL: url, DATABASE_URL_UNPOOLED: '' },
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (exitCode !== 0)
    throw new Error(
      'Could not write the sample data; the reason is printed above. To begin again, run `pnpm db:reset` without DATABASE_URL.',
    );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'The API could not start.'}\n`);
  process.exit(1);
});
