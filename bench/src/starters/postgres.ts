/**
 * PostgreSQL alone, without a gateway: no restart can be faster. The first call starts local-neon, which creates the data folder. Each
 * further call starts PostgreSQL on this folder with the command line of local-neon, and queries it on its Unix socket.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Client } from 'pg';

import { start as startLocalNeon } from './local-neon.ts';
import type { Starter } from './starter.ts';

export const start: Starter = async (folder) => {
  if (!existsSync(folder)) return startLocalNeon(folder);
  const data = await realpath(join(folder, 'postgres'));
  const { uid, gid } = await stat(data);
  const [program = '', ...args] = await readArguments(data);
  const server = spawn(program, [...args, '-c', 'unix_socket_directories=.'], { uid, gid, stdio: 'ignore' });
  const exited = once(server, 'exit');
  const { password } = JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8')) as { password: string };
  return {
    query: () => queryWhenReady({ host: data, user: 'todo', database: 'todo', password }),
    async stop() {
      server.kill('SIGINT');
      await exited;
    },
  };
};

/** Reads PostgreSQL's last command line from the data folder. Arguments can be in double quotes. */
async function readArguments(data: string): Promise<string[]> {
  const line = await readFile(join(data, 'postmaster.opts'), 'utf8');
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain);
}

async function queryWhenReady(config: ConstructorParameters<typeof Client>[0]): Promise<unknown> {
  for (;;) {
    const client = new Client(config);
    try {
      await client.connect();
      const result = await client.query('select 1');
      await client.end();
      return result;
    } catch {
      // The socket does not exist yet, or PostgreSQL is starting up.
      await delay(1);
    }
  }
}
