/**
 * Whether another PostgreSQL holds a data directory. Its own lock there, `postmaster.pid`, is the number of a process, which
 * says nothing in a container: those of the host and of other containers cannot be seen from there, and after a restart the
 * same number is somebody else's. A socket answers for as long as somebody listens, whoever asks: so each server has one in
 * its data directory, too.
 */
import { existsSync } from 'node:fs';
import { readFile, rename, rm, symlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import type { DataDirectory } from './data-directory.ts';
import { LocalNeonError } from '../error.ts';
import type { Guard } from './guard.ts';

/** Where a server has its sockets: in the folder of the run, where any path is short enough, and in PGDATA, which is its current folder. */
export function socketFolders(guard: Guard): string {
  return `${guard.socketFolder},.`;
}

const SOCKET = '.s.PGSQL.5432';

/**
 * Removes a lock that a killed server left, where PostgreSQL would take it for that of the process that has the number now.
 *
 * Throws `DATA_DIRECTORY_IN_USE` while a server runs there, also one that PostgreSQL would not see and join in with its own.
 */
export async function checkLock(
  { folder, postgres }: Pick<DataDirectory, 'folder' | 'postgres'>,
  { folder: runFolder }: Pick<Guard, 'folder'>,
): Promise<void> {
  if (!existsSync(join(postgres, SOCKET))) return;
  // Any other path may be too long for a socket's. It goes with the folder.
  const link = join(runFolder, 'held');
  await symlink(join(postgres, SOCKET), link);
  const lock = await readLock(postgres);
  const answer = await ask(link);
  if (answer === 'served') {
    throw new LocalNeonError(
      'DATA_DIRECTORY_IN_USE',
      `Another PostgreSQL (process ${lock.split('\n')[0]}; if there is no such process here, it is in another container, or outside ` +
        `of this one) runs on ${folder}. Wait for it, or stop it.`,
    );
  }
  // One that has come so far has its socket. One that is stopping closes that first, and then removes whatever lock is there.
  if (answer === 'refused' && /^ready *$/m.test(lock)) await removeLock(postgres, lock);
}

async function readLock(postgres: string): Promise<string> {
  return readFile(join(postgres, 'postmaster.pid'), 'utf8').catch(() => '');
}

function ask(socket: string): Promise<'served' | 'refused' | undefined> {
  return new Promise((resolve) => {
    const visitor = connect(socket);
    visitor.once('connect', () => {
      visitor.destroy();
      resolve('served');
    });
    // A crowd that waits to be let in (EAGAIN) waits for somebody; no socket, or not for us, says nothing.
    visitor.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'ECONNREFUSED' ? 'refused' : code === 'EAGAIN' ? 'served' : undefined),
    );
  });
}

/** Only this one: another start may have made one of its own meanwhile. */
async function removeLock(postgres: string, lock: string): Promise<void> {
  const [file, aside] = [join(postgres, 'postmaster.pid'), join(postgres, 'postmaster.pid.left')];
  await rename(file, aside).catch(() => {});
  if ((await readFile(aside, 'utf8').catch(() => lock)) !== lock) return rename(aside, file);
  await Promise.all([aside, join(postgres, `${SOCKET}.lock`)].map((left) => rm(left, { force: true })));
}
