/**
 * A data directory, from nothing to one that PostgreSQL can start on:
 *
 * - `settings.json` (0600): the passwords, and the port of the last run, so that the URL stays the same
 * - `postgres/`: PostgreSQL's own files, all that the server may write. As root a link to a folder that the server can enter
 * - `postgres.log`: what PostgreSQL said in its latest run
 *
 * Everything is made beside its place and renamed into it: a start that is interrupted leaves nothing half-made, and of
 * two first starts at once one wins and the other uses what it made.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { mkdtemp, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { unusableDirectory } from '../error.ts';
import { letServerThrough, makeServerFolder } from './folders.ts';
import { initdb } from './initdb.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { removeTree } from './remove-tree.ts';
import { serverUser } from './server-user.ts';
import { forgetApplication, openSettings, type Settings } from './settings.ts';
import { claimRootDirectory, createRootDirectory, findRootDirectory, findOriginal, recreateRootDirectory, requireRootDirectory } from './root-directory.ts';

export interface DataDirectory {
  readonly folder: string;
  /** PGDATA. */
  readonly postgres: string;
  readonly log: string;
  readonly settings: Settings;
}

export interface OpenOptions {
  readonly folder: string;
  readonly programs: PostgresPrograms;
  /** The folder is the server's own, and goes with it: no link to elsewhere, also as root. */
  readonly isTemporary: boolean;
  /** Told which folder is half-made and must not stay if we end, '' when it is finished. */
  readonly stage: (folder: string) => void;
}

/**
 * Opens a data directory, making what is missing.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` for one that another major version of PostgreSQL made, that lost its files, that is a copy of
 * another as far as root's server goes, whose home is not as it was left, or whose files belong to somebody else.
 */
export async function openDataDirectory(options: OpenOptions): Promise<DataDirectory> {
  try {
    return await open(options);
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw unusableDirectory(options.folder, `${options.folder} cannot be used (${message})`, error);
  }
}

async function open(options: OpenOptions): Promise<DataDirectory> {
  const { folder, programs } = options;
  const postgres = join(folder, 'postgres');
  const home = findRootDirectory(folder);
  // Of root's the homes are.
  if (home !== undefined && serverUser()) requireRootDirectory(home);
  const version = readVersion(postgres);
  let settings = openSettings(folder, version !== undefined);
  if (version === undefined) {
    settings = forgetApplication(folder, settings);
    await createCluster(options, settings.superuserPassword);
  } else if (version !== programs.major) {
    throw unusableDirectory(folder, /^\d+$/.test(version) ? isOfAnother(version, options) : isNone(postgres));
  }
  takeRootDirectory(folder);
  // Root's server could not follow a link that lies in root's folder.
  const real = realpathSync(postgres);
  closeToOthers(real, folder);
  return {
    folder,
    settings,
    postgres: real,
    log: join(folder, 'postgres.log'),
  };
}

function readVersion(postgres: string): string | undefined {
  try {
    return readFileSync(join(postgres, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function isOfAnother(version: string, { folder, programs }: OpenOptions): string {
  return (
    `${join(folder, 'postgres')} was made by PostgreSQL ${version}, and this is PostgreSQL ${programs.major}, which cannot read it. ` +
    `To keep what is in it, start it with the programs of a PostgreSQL ${version} (--bin-dir, or binDir), and carry it ` +
    'over with pg_dump'
  );
}

function isNone(postgres: string): string {
  return `${postgres} exists, and holds no PostgreSQL database`;
}

function isLink(path: string): boolean {
  return lstatSync(path).isSymbolicLink();
}

function leadsNowhere(postgres: string): string {
  return `${postgres} leads to ${readlinkSync(postgres)}, where no PostgreSQL database is`;
}

async function createCluster(options: OpenOptions, password: string): Promise<void> {
  const { folder, programs, isTemporary, stage } = options;
  const isElsewhere = serverUser() !== undefined && !isTemporary;
  const postgres = join(folder, 'postgres');
  const home = isElsewhere ? createRootDirectory(folder) : await mkdtemp(join(folder, 'initdb-'));
  stage(home);
  try {
    letServerThrough(home);
    const cluster = makeServerFolder(join(home, 'postgres'));
    await initdb(programs, cluster, join(home, 'password'), password);
    // The checkout outlived what it leads to, in a container that was made anew, say; or that is in another container.
    const lostDirectory = isElsewhere ? findRootDirectory(folder) : undefined;
    if (isElsewhere && lostDirectory === undefined) await symlink(cluster, postgres);
    else {
      await rename(cluster, lostDirectory === undefined ? postgres : join(recreateRootDirectory(lostDirectory), 'postgres'));
      await removeTree(home);
    }
  } catch (error) {
    await removeTree(home);
    if (!wasMadeByAnother(folder, error)) throw error;
  } finally {
    stage('');
  }
}

function wasMadeByAnother(folder: string, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EEXIST' && code !== 'ENOTEMPTY' && code !== 'ENOTDIR') return false;
  const postgres = join(folder, 'postgres');
  if (readVersion(postgres) !== undefined) return true;
  throw unusableDirectory(folder, isLink(postgres) ? leadsNowhere(postgres) : isNone(postgres), error);
}

function takeRootDirectory(folder: string): void {
  const home = findRootDirectory(folder);
  if (home === undefined) return;
  const original = findOriginal(home, folder);
  if (original !== undefined) {
    throw unusableDirectory(
      folder,
      `${folder} is a copy of ${original}, and the link in it leads to the databases of that one`,
    );
  }
  claimRootDirectory(home, folder);
}

/** What PostgreSQL allows nobody but its user, and its group to read. */
const OF_OTHERS = 0o027;

/**
 * PostgreSQL refuses one that others may enter, as they may after a `chmod -R` of the whole checkout. By its descriptor: root must
 * change nothing but the server's own folder.
 */
function closeToOthers(postgres: string, folder: string): void {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const opened = openSync(postgres, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const { uid, mode } = fstatSync(opened);
    const user = serverUser();
    if (user && uid !== user.uid) throw isOfUser(uid, user.uid, folder);
    if ((mode & OF_OTHERS) !== 0) fchmodSync(opened, 0o700);
  } finally {
    closeSync(opened);
  }
}

function isOfUser(uid: number, ours: number, folder: string): Error {
  return unusableDirectory(
    folder,
    `The databases in ${folder} belong to user ${uid}, and root's PostgreSQL runs as user ${ours}. To keep them, start it as user ${uid}`,
  );
}
