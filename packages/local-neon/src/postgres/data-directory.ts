/**
 * Opens a data directory, or makes one on which PostgreSQL can start:
 *
 * - `settings.json` (0600): the passwords, and the port of the last run, so that the URL stays the same
 * - `postgres/`: PostgreSQL's own files, the only ones that the server may write. For root a link to a root directory
 * - `postgres.log`: PostgreSQL's messages
 *
 * Each file is made in a staging place and renamed, so that an interrupted start leaves nothing half-made. Of two first
 * starts at once, the second uses the files of the first.
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
import {
  claimRootDirectory,
  createRootDirectory,
  findOriginal,
  findRootDirectory,
  recreateRootDirectory,
  requireRootDirectory,
} from './root-directory.ts';
import { serverUser } from './server-user.ts';
import { forgetApplication, openSettings, type Settings } from './settings.ts';

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
  /** Whether the folder is removed with the server. Then it has no link to a root directory. */
  readonly isTemporary: boolean;
  /** Marks a half-made folder, which must be removed when this program ends now. '' when it is finished. */
  readonly stage: (folder: string) => void;
}

/**
 * Opens a data directory and makes missing files.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` when another major version of PostgreSQL made it, when files are missing or belong
 * to another user, and for root when it is a copy of another data directory or its root directory was changed.
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
  const rootDirectory = findRootDirectory(folder);
  // Only root owns root directories.
  if (rootDirectory !== undefined && serverUser()) requireRootDirectory(rootDirectory);
  const version = readVersion(postgres);
  let settings = openSettings(folder, version !== undefined);
  if (version === undefined) {
    settings = forgetApplication(folder, settings);
    await createCluster(options, settings.superuserPassword);
  } else if (version !== programs.major) {
    throw unusableDirectory(folder, /^\d+$/.test(version) ? otherVersion(version, options) : notADatabase(postgres));
  }
  takeRootDirectory(folder);
  // The real path, because root's server cannot follow a link in a folder of root.
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

function otherVersion(version: string, { folder, programs }: OpenOptions): string {
  return (
    `${join(folder, 'postgres')} was made by PostgreSQL ${version}, and this is PostgreSQL ${programs.major}, which cannot read it. ` +
    `To keep its databases, start local-neon with the programs of PostgreSQL ${version} (--bin-dir, or binDir) and copy each ` +
    'database with pg_dump'
  );
}

function notADatabase(postgres: string): string {
  return `${postgres} exists, and holds no PostgreSQL database`;
}

async function createCluster(options: OpenOptions, password: string): Promise<void> {
  const { folder, programs, isTemporary, stage } = options;
  const isElsewhere = serverUser() !== undefined && !isTemporary;
  const postgres = join(folder, 'postgres');
  const staging = isElsewhere ? createRootDirectory(folder) : await mkdtemp(join(folder, 'initdb-'));
  stage(staging);
  try {
    letServerThrough(staging);
    const cluster = makeServerFolder(join(staging, 'postgres'));
    await initdb(programs, cluster, join(staging, 'password'), password);
    // The target of the link may be missing: the container was made again, or the root directory is in another
    // container.
    const lostDirectory = isElsewhere ? findRootDirectory(folder) : undefined;
    if (isElsewhere && lostDirectory === undefined) await symlink(cluster, postgres);
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
    ? `${postgres} leads to ${readlinkSync(postgres)}, where no PostgreSQL database is`
    : notADatabase(postgres);
  throw unusableDirectory(folder, why, error);
}

function takeRootDirectory(folder: string): void {
  const rootDirectory = findRootDirectory(folder);
  if (rootDirectory === undefined) return;
  const original = findOriginal(rootDirectory, folder);
  if (original !== undefined) {
    throw unusableDirectory(
      folder,
      `${folder} is a copy of ${original}, and the link in it leads to the databases of the original`,
    );
  }
  claimRootDirectory(rootDirectory, folder);
}

/** The permissions that PostgreSQL refuses: all of others, and writing of the group. */
const FORBIDDEN_MODE = 0o027;

/**
 * Restores the permissions of PostgreSQL's folder, for example after a `chmod -R` of the whole checkout: PostgreSQL
 * refuses a folder that others may enter. By descriptor, so that root changes no other folder.
 */
function closeToOthers(postgres: string, folder: string): void {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const opened = openSync(postgres, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const { uid, mode } = fstatSync(opened);
    const user = serverUser();
    if (user && uid !== user.uid) {
      throw unusableDirectory(
        folder,
        `The databases in ${folder} belong to user ${uid}, and root's PostgreSQL runs as user ${user.uid}. To keep them, start it as user ${uid}`,
      );
    }
    if ((mode & FORBIDDEN_MODE) !== 0) fchmodSync(opened, 0o700);
  } finally {
    closeSync(opened);
  }
}
