/**
 * Where local-neon keeps what does not belong into a data directory. An unprivileged server cannot enter root's folders
 * (EACCES on `/root/x`), so what root's server must reach lies where anyone may walk, in folders that only it may open.
 */
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { serverUser } from './server-user.ts';

/** PostgreSQL's limit is 107 bytes on Linux and 103 on macOS, of which `/.s.PGSQL.5432` takes 14. */
const SOCKET_FOLDER_BYTES_MAX = 103 - 14;

/** Copies of the packaged programs, by version. */
export function cacheFolder(): string {
  return serverUser() ? '/var/cache/local-neon' : join(homedir(), '.cache', 'local-neon');
}

/** Where the folder of a run can be made: short enough for its socket, and open to the server. */
export async function temporaryFolder(): Promise<string> {
  return (await isUsable(tmpdir())) ? tmpdir() : '/tmp';
}

/** A name in there for the folder of a run, which nobody else has. */
export function nameRunFolder(temporary: string): string {
  return join(temporary, `local-neon-${randomBytes(6).toString('hex')}`);
}

/** A new folder for the data that root's server keeps on behalf of `dataDir`. */
export async function createStateFolder(dataDir: string): Promise<string> {
  const parent = '/var/lib/local-neon';
  await mkdir(parent, { recursive: true });
  await chmod(parent, 0o711);
  // Its owner, the guard among them, may remove what is in it.
  await giveToServer(parent);
  return mkdtemp(join(parent, `${basename(dirname(dataDir))}-`));
}

/** Hands a file or folder to the user PostgreSQL runs as; nothing to do where that is us. */
export async function giveToServer(path: string): Promise<void> {
  const user = serverUser();
  if (user) await chown(path, user.uid, user.gid);
}

async function isUsable(temporary: string): Promise<boolean> {
  if (Buffer.byteLength(nameRunFolder(temporary)) > SOCKET_FOLDER_BYTES_MAX) return false;
  return serverUser() === undefined || (await othersMay(temporary, WRITE | ENTER));
}

const WRITE = 0o002;
const ENTER = 0o001;

async function othersMay(folder: string, rights: number): Promise<boolean> {
  const { mode } = await stat(folder);
  if ((mode & rights) !== rights) return false;
  return folder === dirname(folder) || othersMay(dirname(folder), ENTER);
}
