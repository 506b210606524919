/**
 * Where local-neon keeps what does not belong into a data directory. An unprivileged server cannot enter root's folders
 * (EACCES on `/root/x`), so what root's server must reach lies where anyone may walk, in folders that only it may open.
 */
import { randomBytes } from 'node:crypto';
import { accessSync, chownSync, constants, statSync, statfsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';

import { serverUser } from './server-user.ts';

/** PostgreSQL's limit is 107 bytes on Linux and 103 on macOS, of which `/.s.PGSQL.5432` takes 14. */
const SOCKET_FOLDER_BYTES_MAX = 103 - 14;

/** Copies of the packaged programs, by version. */
export function cacheFolder(): string {
  // With an empty HOME, not in the current folder.
  return serverUser() ? '/var/cache/local-neon' : resolve('/', homedir(), '.cache', 'local-neon');
}

/** Where the folder of a run can be made: there, short enough for its socket, and open to us and to the server. */
export function temporaryFolder(): string {
  return isUsable(tmpdir()) ? tmpdir() : '/tmp';
}

/** Linux's file system in memory, as POSIX shared memory uses it. Containers often have 64 MB of it. */
const MEMORY_FOLDER = '/dev/shm';

/** Some dozens of megabytes are used: the rest is for branches, and for what else runs on the machine. */
const FREE_MEMORY_BYTES_MIN = 2 * 1024 ** 3;

/**
 * Where a temporary server keeps its data: in memory where there is plenty, because a database is about 300 files, and those of
 * a branch are made and removed there in a third of the time or less. A `TMPDIR` of the user's own is respected.
 */
export function temporaryDataFolder(): string {
  const isInMemory = process.env['TMPDIR'] === undefined && isPlentyInMemory();
  return isInMemory ? MEMORY_FOLDER : temporaryFolder();
}

function isPlentyInMemory(): boolean {
  // macOS has none.
  if (!isUsable(MEMORY_FOLDER)) return false;
  const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
  // A container's limit counts, too.
  return Math.min(bavail * bsize, process.availableMemory()) >= FREE_MEMORY_BYTES_MIN;
}

/** A name in one of them for the folder of a run, which nobody else has. */
export function nameRunFolder(temporary: string): string {
  return join(temporary, `local-neon-${randomBytes(6).toString('hex')}`);
}

/** Hands a file or folder to the user PostgreSQL runs as; nothing to do where that is us. */
export function giveToServer(path: string): void {
  const user = serverUser();
  if (user) chownSync(path, user.uid, user.gid);
}

function isUsable(temporary: string): boolean {
  // The guard stands elsewhere and reads line by line, PostgreSQL reads a list with commas.
  if (!isAbsolute(temporary) || /[,\n]/.test(temporary)) return false;
  if (Buffer.byteLength(nameRunFolder(temporary)) > SOCKET_FOLDER_BYTES_MAX) return false;
  try {
    accessSync(temporary, constants.W_OK | constants.X_OK);
    return serverUser() === undefined || othersMay(temporary, WRITE | ENTER);
  } catch {
    // Not there, or not for us.
    return false;
  }
}

const WRITE = 0o002;
const ENTER = 0o001;

function othersMay(folder: string, rights: number): boolean {
  const { mode } = statSync(folder);
  if ((mode & rights) !== rights) return false;
  return folder === dirname(folder) || othersMay(dirname(folder), ENTER);
}
