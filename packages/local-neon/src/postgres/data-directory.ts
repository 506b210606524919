/**
 * A data directory, from nothing to one that PostgreSQL can start on:
 *
 * - `settings.json` (0600): the passwords, and the port of the last run, so that the URL stays the same
 * - `postgres/`: PostgreSQL's own files. As root a link to a folder that the unprivileged server can enter
 * - `postgres.log`: what PostgreSQL said in its latest run
 *
 * Everything is made beside its place and renamed into it: a start that is interrupted leaves nothing half-made, and of
 * two first starts at once one wins and the other uses what it made.
 */
import { chmodSync, lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { unusableDirectory } from '../error.ts';
import { giveToServer } from './folders.ts';
import { initdb } from './initdb.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { serverUser } from './server-user.ts';
import { forgetApplication, openSettings, type Settings } from './settings.ts';
import { claimHome, createHome, findHome, findOriginal, remakeHome } from './state-folder.ts';

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
 * another as far as root's server goes, or whose files belong to somebody else.
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
  const version = readVersion(postgres);
  let settings = openSettings(folder, version !== undefined);
  if (version === undefined) {
    settings = forgetApplication(folder, settings);
    await createCluster(options, settings.superuserPassword);
  } else if (version !== programs.major) {
    throw unusableDirectory(folder, /^\d+$/.test(version) ? isOfAnother(version, options) : isNone(postgres));
  }
  takeHome(folder);
  checkOwner(folder);
  closeToOthers(postgres);
  // The real path: root's server could not follow a link that lies in root's folder.
  return {
    folder,
    settings,
    postgres: realpathSync(postgres),
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
  const home = isElsewhere ? createHome(folder) : await mkdtemp(join(folder, 'initdb-'));
  const cluster = join(home, 'postgres');
  stage(home);
  try {
    giveToServer(home);
    await initdb(programs, cluster, join(home, 'password'), password);
    // The checkout outlived what it leads to, in a container that was made anew, say; or that is in another container.
    const lostHome = isElsewhere ? findHome(folder) : undefined;
    if (isElsewhere && lostHome === undefined) await symlink(cluster, postgres);
    else {
      await rename(cluster, lostHome === undefined ? postgres : join(remakeHome(lostHome), 'postgres'));
      await rm(home, { recursive: true });
    }
  } catch (error) {
    await rm(home, { recursive: true, force: true });
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

function takeHome(folder: string): void {
  const home = findHome(folder);
  if (home === undefined) return;
  const original = findOriginal(home, folder);
  if (original !== undefined) {
    throw unusableDirectory(
      folder,
      `${folder} is a copy of ${original}, and the link in it leads to the databases of that one`,
    );
  }
  claimHome(home, folder);
}

function checkOwner(folder: string): void {
  const user = serverUser();
  const { uid } = statSync(join(folder, 'postgres'));
  if (user && uid !== user.uid) {
    throw unusableDirectory(
      folder,
      `The databases in ${folder} belong to user ${uid}, and root's PostgreSQL runs as user ${user.uid}. To keep them, start it as user ${uid}`,
    );
  }
}

/** What PostgreSQL allows nobody but its user, and its group to read. */
const OF_OTHERS = 0o027;

/** PostgreSQL refuses one that others may enter, as they may after a `chmod -R` of the whole checkout. */
function closeToOthers(postgres: string): void {
  if ((statSync(postgres).mode & OF_OTHERS) !== 0) chmodSync(postgres, 0o700);
}
