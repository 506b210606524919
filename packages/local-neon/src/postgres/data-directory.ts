/**
 * Opens a data directory, or creates one on which PostgreSQL can start:
 *
 * - `settings.json` (0600): the passwords, and the port of the last run, so that the URL stays the same
 * - `postgres/`: PostgreSQL's own files, the only ones that the server may write. For root a link to a root directory
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

import { unusableDirectory } from '../error.ts';
import { allowServerToEnter, createServerFolder } from './folders.ts';
import { initdb } from './initdb.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { removeTree } from './remove-tree.ts';
import {
  claimRootDirectory,
  createRootDirectory,
  findOriginal,
  findRootDirectory,
  recreateRootDirectory,
  requireRootDirectory,
} from './root-directory.ts';
import { serverUser } from './server-user.ts';
import { removeApplicationFlag, openSettings, type Settings } from './settings.ts';

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
  /** Whether the folder is removed with the server. Such a folder has no link to a root directory. */
  readonly isTemporary: boolean;
  /** Names an incomplete folder, which is removed if this program ends now. '' when the folder is complete. */
  readonly stage: (folder: string) => void;
}

/**
 * Opens a data directory and creates missing files.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` when another major version of PostgreSQL created it, when files are missing or
 * belong to another user, and for root when it is a copy of another data directory or its root directory was changed.
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
  const rootDirectory = findRootDirectory(folder);
  // Only root owns root directories.
  if (rootDirectory !== undefined && serverUser()) requireRootDirectory(rootDirectory);
  const version = readVersion(postgres);
  let settings = openSettings(folder, version !== undefined);
  if (version === undefined) {
    settings = removeApplicationFlag(folder, settings);
    await createCluster(options, settings.superuserPassword);
  } else if (version !== programs.major) {
    throw unusableDirectory(
      folder,
      /^\d+$/.test(version) ? otherVersionMessage(version, options) : noDatabaseMessage(postgres),
    );
  }
  requireOwnRootDirectory(folder);
  // The real path, because the server cannot follow a link in a folder of root.
  const realPath = realpathSync(postgres);
  restrictPermissions(realPath, folder);
  return {
    folder,
    settings,
    postgres: realPath,
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

async function createCluster(options: OpenOptions, password: string): Promise<void> {
  const { folder, programs, isTemporary, stage } = options;
  const usesRootDirectory = serverUser() !== undefined && !isTemporary;
  const postgres = join(folder, 'postgres');
  const staging = usesRootDirectory ? createRootDirectory(folder) : await mkdtemp(join(folder, 'initdb-'));
  stage(staging);
  try {
    allowServerToEnter(staging);
    const cluster = createServerFolder(join(staging, 'postgres'));
    await initdb(programs, cluster, join(staging, 'password'), password);
    // The target of the link may be missing: the container was created again, or the root directory is in another
    // container.
    const lostDirectory = usesRootDirectory ? findRootDirectory(folder) : undefined;
    if (usesRootDirectory && lostDirectory === undefined) await symlink(cluster, postgres);
    else {
      await rename(
        cluster,
        lostDirectory === undefined ? postgres : join(recreateRootDirectory(lostDirectory), 'postgres'),
      );
      await removeTree(staging);
    }
  } catch (error) {
    await removeTree(staging);
    if (!wasCreatedConcurrently(folder, error)) throw error;
  } finally {
    stage('');
  }
}

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

/** Writes the path of this data directory into its root directory. Throws for a copy of another data directory. */
function requireOwnRootDirectory(folder: string): void {
  const rootDirectory = findRootDirectory(folder);
  if (rootDirectory === undefined) return;
  const original = findOriginal(rootDirectory, folder);
  if (original !== undefined) {
    throw unusableDirectory(
      folder,
      `${folder} is a copy of ${original}, and its link points to the databases of the original`,
    );
  }
  claimRootDirectory(rootDirectory, folder);
}

/** The permissions that PostgreSQL refuses: any for others, and writing for the group. */
const FORBIDDEN_MODE = 0o027;

/**
 * Restores the permissions of PostgreSQL's folder, for example after a `chmod -R` of the whole checkout: PostgreSQL
 * refuses a folder that others may enter. Uses a descriptor, so that root changes no other folder.
 */
function restrictPermissions(postgres: string, folder: string): void {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const opened = openSync(postgres, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const { uid, mode } = fstatSync(opened);
    const user = serverUser();
    if (user && uid !== user.uid) {
      throw unusableDirectory(
        folder,
        `The databases in ${folder} belong to user ${uid}, and local-neon runs as root and starts PostgreSQL as user ${user.uid}. To keep the databases, start local-neon as user ${uid}`,
      );
    }
    if ((mode & FORBIDDEN_MODE) !== 0) fchmodSync(opened, 0o700);
  } finally {
    closeSync(opened);
  }
}
