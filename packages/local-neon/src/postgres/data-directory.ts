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
import { mkdtemp, readFile, readlink, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { unusableDirectory } from '../error.ts';
import { giveToServer } from './folders.ts';
import { initdb } from './initdb.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { serverUser } from './server-user.ts';
import { forgetApplication, openSettings, type Settings } from './settings.ts';
import { claimHome, createHome, findHome, remakeHome } from './state-folder.ts';

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
  const version = await readVersion(postgres);
  let settings = await openSettings(folder, version !== undefined);
  if (version === undefined) {
    settings = await forgetApplication(folder, settings);
    await createCluster(options, settings.superuserPassword);
  } else if (version !== programs.major) {
    throw unusableDirectory(folder, /^\d+$/.test(version) ? isOfAnother(version, options) : isNone(postgres));
  }
  await checkOwner(folder);
  // The real path: root's server could not follow a link that lies in root's folder.
  return {
    folder,
    settings,
    postgres: await realpath(postgres),
    log: join(folder, 'postgres.log'),
  };
}

async function readVersion(postgres: string): Promise<string | undefined> {
  const version = await readFile(join(postgres, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  return version?.trim();
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

async function createCluster(options: OpenOptions, password: string): Promise<void> {
  const { folder, programs, isTemporary, stage } = options;
  const isElsewhere = serverUser() !== undefined && !isTemporary;
  const postgres = join(folder, 'postgres');
  const home = isElsewhere ? await createHome(folder) : await mkdtemp(join(folder, 'initdb-'));
  const cluster = join(home, 'postgres');
  stage(home);
  try {
    await giveToServer(home);
    await initdb(programs, cluster, join(home, 'password'), password);
    // The checkout outlived what it leads to, in a container that was made anew, say; or that is in another container.
    const lostHome = isElsewhere ? await findHome(folder) : undefined;
    if (isElsewhere && lostHome === undefined) await symlink(cluster, postgres);
    else {
      await rename(cluster, lostHome === undefined ? postgres : join(await remakeHome(lostHome), 'postgres'));
      await rm(home, { recursive: true });
    }
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    if (!(await wasMadeByAnother(folder, error))) throw error;
  } finally {
    stage('');
  }
}

async function wasMadeByAnother(folder: string, error: unknown): Promise<boolean> {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EEXIST' && code !== 'ENOTEMPTY' && code !== 'ENOTDIR') return false;
  const postgres = join(folder, 'postgres');
  if ((await readVersion(postgres)) !== undefined) return true;
  const target = await readlink(postgres).catch(() => undefined);
  throw unusableDirectory(
    folder,
    target === undefined ? isNone(postgres) : `${postgres} leads to ${target}, where no PostgreSQL database is`,
    error,
  );
}

async function checkOwner(folder: string): Promise<void> {
  const home = await findHome(folder);
  const original = home && (await claimHome(home, folder));
  if (original) {
    throw unusableDirectory(
      folder,
      `${folder} is a copy of ${original}, and the link in it leads to the databases of that one`,
    );
  }
  const user = serverUser();
  const { uid } = await stat(join(folder, 'postgres'));
  if (user && uid !== user.uid) {
    throw unusableDirectory(
      folder,
      `The databases in ${folder} belong to user ${uid}, and root's PostgreSQL runs as user ${user.uid}. To keep them, start it as user ${uid}`,
    );
  }
}
