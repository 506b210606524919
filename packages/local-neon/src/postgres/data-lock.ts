/**
 * Detects another PostgreSQL that holds a data directory. PostgreSQL's lock file, `postmaster.pid`, contains a pid. This
 * is not enough in a container: processes of the host and of other containers are invisible, and after a restart another
 * process may have the same pid. A socket works across containers. So each server also has a socket in its data directory.
 */
import { existsSync } from 'node:fs';
import { readFile, rename, rm, symlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { LocalNeonError } from '../error.ts';
import type { DataDirectory } from './data-directory.ts';
import type { Guard } from './guard.ts';
import { socketPath } from './unix-socket.ts';

/**
 * Removes the lock file of a killed server. Another process may have the server's pid now, and PostgreSQL would refuse to start.
 *
 * Throws `DATA_DIRECTORY_IN_USE` while a server runs on the directory, also a server whose process is invisible here.
 */
export async function removeStaleLock(
  { folder, postgres }: Pick<DataDirectory, 'folder' | 'postgres'>,
  { folder: runFolder }: Pick<Guard, 'folder'>,
): Promise<void> {
  if (!existsSync(socketPath(postgres))) return;
  // Connects through a symbolic link, because the path of the socket may be too long. The link is removed with the folder that contains it.
  const link = join(runFolder, 'held');
  await symlink(socketPath(postgres), link);
  const lock = await readLock(postgres);
  const state = await probeSocket(link);
  if (state === 'served') {
    const message =
      `Another PostgreSQL runs on ${folder} (process ${lock.split('\n')[0] || 'unknown'}). If there is no such process here, it runs in ` +
      'another container or on the host. Stop that PostgreSQL, or wait until it ends.';
    throw new LocalNeonError('DATA_DIRECTORY_IN_USE', message);
  }
  // A server is "ready" only with its socket open. A server that is stopping closes its socket first and then removes
  // the lock itself, so its lock stays.
  if (state === 'refused' && /^ready *$/m.test(lock)) await removeLock(postgres, lock);
}

/** The text of the lock file, whose first line is the pid; '' when it cannot be read. */
async function readLock(postgres: string): Promise<string> {
  return readFile(join(postgres, 'postmaster.pid'), 'utf8').catch(() => '');
}

/** Connects to a socket: 'served' when a server listens, 'refused' when none listens, undefined when this is unknown. */
function probeSocket(socket: string): Promise<'served' | 'refused' | undefined> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve('served');
    });
    // EAGAIN means a full queue of connections, so a server is listening. Other errors (no socket, no access) say nothing.
    connection.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') resolve('refused');
      else resolve(code === 'EAGAIN' ? 'served' : undefined);
    });
  });
}

/** Removes the lock file only if its text is `lock`. Moves it first: then no other start can replace it between comparison and removal. */
async function removeLock(postgres: string, lock: string): Promise<void> {
  const [file, movedFile] = [join(postgres, 'postmaster.pid'), join(postgres, 'postmaster.pid.left')];
  await rename(file, movedFile).catch(() => {});
  if ((await readFile(movedFile, 'utf8').catch(() => lock)) !== lock) return rename(movedFile, file);
  await Promise.all([movedFile, `${socketPath(postgres)}.lock`].map((path) => rm(path, { force: true })));
}
