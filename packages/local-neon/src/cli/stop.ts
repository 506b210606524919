/** `local-neon stop`: stops the program that serves a data directory. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Command } from 'commander';

import { LocalNeonError } from '../error.ts';
import { isLingering, readRunningServer } from '../running-server.ts';
import { notRunningMessage } from './require-running.ts';
import { dataOption } from './server-options.ts';

/** Includes the last checkpoint, which takes long after many writes. */
const STOP_TIMEOUT_MS = 60_000;

export function addStop(program: Command): void {
  program
    .command('stop')
    .description('stop the running server, also one that another program started, and wait until it has ended')
    .addOption(dataOption())
    .action(stopServer);
}

async function stopServer({ data }: { data: string }): Promise<void> {
  const dataDir = resolve(data);
  const server = await readRunningServer(dataDir);
  if (!server) {
    process.stderr.write(`${notRunningMessage(data)}\n`);
    return;
  }
  const { pid, port } = server;
  askToEnd(pid);
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  // PostgreSQL removes postmaster.pid last, when all data is on disk.
  while ((await isLingering(dataDir, server)) || existsSync(join(dataDir, 'postgres', 'postmaster.pid'))) {
    if (Date.now() > deadline) {
      const message =
        `The server on ${data} (process ${pid}, port ${port}) was asked to stop and still runs after ` +
        `${STOP_TIMEOUT_MS / 1000} s. Look at that process: it may be suspended (Ctrl-Z).`;
      throw new LocalNeonError('STOP_FAILED', message);
    }
    await delay(20);
  }
  process.stderr.write(`Stopped the server on ${data} (process ${pid}, port ${port}).\n`);
}

function askToEnd(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The process has ended meanwhile.
    if (code === 'ESRCH') return;
    const message = `The server is process ${pid} of another user. Run local-neon stop as that user.`;
    throw new LocalNeonError('STOP_FAILED', message, { cause: error });
  }
}
