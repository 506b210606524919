/**
 * Opens a data directory, or creates one on which PostgreSQL can start:
 *
 * - `settings.json` (0600): the passwords, and the port of the last run, so that the URL stays the same
 * - `postgres/`: PostgreSQL's own files, the only ones that the server may write. For root, a link into a root-owned
 *   directory (root-owned-directory.ts)
 * - `postgres.log`: PostgreSQL's messages
 *
 * Each file is created in a staging folder and renamed, so that an interrupted start leaves nothing incomplete. When
 * two first starts run at once, the second uses the files of the first.
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

import { type LocalNeonError, unusableDirectory } from '../error.ts';
import { allowServerToEnter, createServerFolder } from './folders.ts';
import { initdb } from './initdb.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { removeTree } from './remove-tree.ts';
import {
  claimRootOwnedDirectory,
  createRootOwnedDirectory,
  findOriginal,
  findRootOwnedDirectory,
  recreateRootOwnedDirectory,
  requireSafeDirectory,
} from './root-owned-directory.ts';
import { serverUser } from './server-user.ts';
import { removeApplicationFlag, openSettings, type Settings } from './settings.ts';

export interface DataDirectory {
  readonly folder: string;
  /** PGDATA. */
  readonly postgres: string;
  readonly settings: Settings;
}

export interface OpenOptions {
  readonly folder: string;
  readonly programs: PostgresPrograms;
  /** Whether the folder is removed with the server. Such a folder has no root-owned directory. */
  readonly isTemporary: boolean;
  /** As in `Guard`. */
  readonly setIncompleteFolder: (folder: string | undefined) => void;
}

/**
 * Opens a data directory and creates missing files.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` when another major version of PostgreSQL created it, when files are missing or
 * belong to another user; for root also when it is a copy of another data directory, and when another user could have
 * changed its root-owned directory.
 */
export async function openDataDirectory(options: OpenOptions): Promise<DataDirectory> {
  try {
    return await openOrCreate(options);
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw unusableDirectory(options.folder, `${options.folder} cannot be used (${message})`, error);
  }
}

async function openOrCreate(options: OpenOptions): Promise<DataDirectory> {
  const { folder, programs } = options;
  const postgres = join(folder, 'postgres');
  const rootOwned = findRootOwnedDirectory(folder);
  // An ordinary user fails later, because the user may not read the directory.
  if (rootOwned !== undefined && serverUser()) requireSafeDirectory(rootOwned, folder);
  const version = readVersion(postgres);
  let settings = openSettings(folder, version !== undefined);
  if (version === undefined) {
    settings = removeApplicationFlag(folder, settings);
    await createCluster(options, settings.superuserPassword);
  } else if (version !== programs.major) {
    const why = /^\d+$/.test(version) ? otherVersionMessage(version, options) : noDatabaseMessage(postgres);
    throw unusableDirectory(folder, why);
  }
  claimOrRefuseCopy(folder);
  // The real path, because the server cannot follow a link in a folder of root.
  const realPath = realpathSync(postgres);
  restrictPermissions(realPath, folder);
  return { folder, settings, postgres: realPath };
}

/** The text of `PG_VERSION`, such as "18"; undefined without the file. */
function readVersion(postgres: string): string | undefined {
  try {
    return readFileSync(join(postgres, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function otherVersionMessage(version: string, { folder, programs }: OpenOptions): string {
  return (
    `${join(folder, 'postgres')} was created by PostgreSQL ${version}, and this is PostgreSQL ${programs.major}, which cannot read it. ` +
    `To keep its databases, start local-neon with the programs of PostgreSQL ${version} (--bin-dir, or binDir) and copy each ` +
    'database with pg_dump'
  );
}

function noDatabaseMessage(postgres: string): string {
  return `${postgres} exists, and contains no PostgreSQL database`;
}

/** Creates PostgreSQL's files in a staging folder and puts them, or a link to them, at `postgres`. */
async function createCluster(options: OpenOptions, password: string): Promise<void> {
  const { folder, programs, isTemporary, setIncompleteFolder } = options;
  const isRootOwned = serverUser() !== undefined && !isTemporary;
  const postgres = join(folder, 'postgres');
  const staging = isRootOwned ? createRootOwnedDirectory(folder) : await mkdtemp(join(folder, 'initdb-'));
  setIncompleteFolder(staging);
  try {
    allowServerToEnter(staging);
    const cluster = createServerFolder(join(staging, 'postgres'));
    await initdb(programs, cluster, join(staging, 'password'), password);
    // A link without its target: the container was created again, or the root-owned directory is in another container.
    const lostDirectory = isRootOwned ? findRootOwnedDirectory(folder) : undefined;
    if (isRootOwned && lostDirectory === undefined) {
      await symlink(cluster, postgres);
    } else {
      await rename(cluster, lostDirectory ? join(recreateRootOwnedDirectory(lostDirectory), 'postgres') : postgres);
      await removeTree(staging);
    }
  } catch (error) {
    await removeTree(staging);
    if (!wasCreatedConcurrently(folder, error)) throw error;
  } finally {
    setIncompleteFolder(undefined);
  }
}

/** Whether another start created PostgreSQL's files first. Throws if something else is in their place. */
function wasCreatedConcurrently(folder: string, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EEXIST' && code !== 'ENOTEMPTY' && code !== 'ENOTDIR') return false;
  const postgres = join(folder, 'postgres');
  if (readVersion(postgres) !== undefined) return true;
  const why = lstatSync(postgres).isSymbolicLink()
    ? `${postgres} is a link to ${readlinkSync(postgres)}, which contains no PostgreSQL database`
    : noDatabaseMessage(postgres);
  throw unusableDirectory(folder, why, error);
}

/** Writes the path of this data directory into its root-owned directory. Throws for a copy of another data directory. */
function claimOrRefuseCopy(folder: string): void {
  const rootOwned = findRootOwnedDirectory(folder);
  if (rootOwned === undefined) return;
  const original = findOriginal(rootOwned, folder);
  if (original !== undefined) {
    const why = `${folder} is a copy of ${original}, and its link points to the databases of the original`;
    throw unusableDirectory(folder, why);
  }
  claimRootOwnedDirectory(rootOwned, folder);
}

/** The permissions that PostgreSQL refuses: any for others, and writing for the group. */
const FORBIDDEN_MODE = 0o027;

/**
 * Restores the permissions of PostgreSQL's folder, for example after a `chmod -R` of the whole checkout: PostgreSQL
 * refuses a folder that others may enter. Uses a descriptor, so that root changes no other folder.
 */
function restrictPermissions(postgres: string, folder: string): void {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const descriptor = openSync(postgres, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const { uid, mode } = fstatSync(descriptor);
    const user = serverUser();
    if (user && uid !== user.uid) throw otherOwnerError(folder, postgres, uid, user.uid);
    if ((mode & FORBIDDEN_MODE) !== 0) fchmodSync(descriptor, 0o700);
  } finally {
    closeSync(descriptor);
  }
}

/** The error for root when PostgreSQL's files do not belong to the user that PostgreSQL runs as. */
function otherOwnerError(folder: string, postgres: string, uid: number, serverUid: number): LocalNeonError {
  const remedy =
    findRootOwnedDirectory(folder) === undefined
      ? `make an ordinary user the owner of ${folder} (chown -R), and start local-neon as that user`
      : `make user ${serverUid} the owner of ${postgres} (chown -R)`;
  return unusableDirectory(
    folder,
    `The databases in ${folder} belong to user ${uid}, and local-neon runs as root and starts PostgreSQL as user ${serverUid}. To keep the databases, ${remedy}`,
  );
}
