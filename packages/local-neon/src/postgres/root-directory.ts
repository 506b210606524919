/**
 * What root's server keeps on behalf of the data directories whose folders it cannot enter: a home for each, where the link in
 * the data directory leads. Each home notes whose it is, for a link is easily copied.
 *
 * - `/var/lib/local-neon` and each home in it: root's, 0711, so that no other program can put a link in the place of either
 * - `data-directory` in a home (root's, 0600): the data directory that it belongs to
 * - `postgres/` in a home (the server's, 0700): PostgreSQL's own files
 */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { LocalNeonError, reasonOf } from '../error.ts';
import { makeFolder } from '../make-folder.ts';
import { ownershipProblem } from '../folder-ownership.ts';
import { letServerThrough } from './folders.ts';
import { serverUser } from './server-user.ts';

const STATE_FOLDER = '/var/lib/local-neon';
const WALKABLE = 0o711;

/** Makes a home that belongs to nobody yet. Throws `DATA_DIRECTORY_UNUSABLE` where none can be made. */
export function createRootDirectory(dataDir: string): string {
  try {
    makeFolder(STATE_FOLDER, WALKABLE);
    requireStateFolder();
    chmodSync(STATE_FOLDER, WALKABLE);
    // A name may be as long as it likes, but this one grows.
    const name = basename(dirname(dataDir)).slice(0, 40);
    const home = mkdtempSync(join(STATE_FOLDER, `${name}-`));
    letServerThrough(home);
    return home;
  } catch (cause) {
    if (cause instanceof LocalNeonError) throw cause;
    throw new LocalNeonError(
      'DATA_DIRECTORY_UNUSABLE',
      `Root's PostgreSQL cannot keep the databases of ${dataDir} in ${STATE_FOLDER}: ${reasonOf(cause)}. ` +
        `Make ${dirname(STATE_FOLDER)} writable, or run this as an ordinary user.`,
      { cause },
    );
  }
}

/** Makes one again by its name, if it is not there. */
export function recreateRootDirectory(home: string): string {
  makeFolder(home, 0o700);
  letServerThrough(home);
  return home;
}

/**
 * Throws `DATA_DIRECTORY_UNUSABLE` where a home, its note or the folder of all homes is not as it was left: root would follow a link,
 * or change files that somebody else exchanges meanwhile. Fine where there is none.
 */
export function requireRootDirectory(home: string): void {
  requireStateFolder();
  refuse(home, linkProblem(home) ?? ownershipProblem(home));
  refuse(noteIn(home), linkProblem(noteIn(home)) ?? ownershipProblem(noteIn(home)));
  // Its owner is looked at where it is opened.
  refuse(join(home, 'postgres'), linkProblem(join(home, 'postgres')));
}

/** The home that the link of a data directory leads to, there or not; undefined where it has none, or one of somebody's own. */
export function findRootDirectory(dataDir: string): string | undefined {
  try {
    const [, name] = LINK_TO_ROOT_DIRECTORY.exec(readlinkSync(join(dataDir, 'postgres'))) ?? [];
    return name === undefined ? undefined : join(STATE_FOLDER, name);
  } catch {
    return undefined;
  }
}

const LINK_TO_ROOT_DIRECTORY = new RegExp(String.raw`^${STATE_FOLDER}/(?!\.\.?/)([^/]+)/postgres$`);

/** The other data directory whose home it is; undefined where this one is no copy. */
export function findOriginal(home: string, dataDir: string): string | undefined {
  const owner = readOwner(home);
  if (owner === undefined || owner === dataDir) return undefined;
  return findRootDirectory(owner) === home && !areSame(owner, dataDir) ? owner : undefined;
}

/** Notes whose it is: of one that is new, or whose data directory was moved. */
export function claimRootDirectory(home: string, dataDir: string): void {
  if (readOwner(home) === dataDir) return;
  rmSync(noteIn(home), { force: true });
  writeFileSync(noteIn(home), dataDir, { flag: 'wx', mode: 0o600 });
}

function requireStateFolder(): void {
  takeOver();
  refuse(STATE_FOLDER, linkProblem(STATE_FOLDER) ?? ownershipProblem(STATE_FOLDER));
}

function refuse(path: string, flaw: string | undefined): void {
  if (flaw === undefined) return;
  throw new LocalNeonError(
    'DATA_DIRECTORY_UNUSABLE',
    `${path} ${flaw}, so it is not as local-neon left it. Nothing was changed. Put it back as it was, or remove it to start with an empty database.`,
  );
}

function linkProblem(path: string): string | undefined {
  return look(path)?.isSymbolicLink() ? 'is a link' : undefined;
}

function look(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/**
 * An earlier version gave the folder and the homes to the server's user. What is a folder of that user becomes root's, by its
 * descriptor, because its path may lead elsewhere in the next moment; what else lies there is refused where it is used.
 */
function takeOver(): void {
  const uid = serverUser()?.uid;
  if (uid === undefined || look(STATE_FOLDER)?.uid !== uid) return;
  takeFolder(STATE_FOLDER, uid);
  for (const name of readdirSync(STATE_FOLDER)) takeFolder(join(STATE_FOLDER, name), uid);
}

function takeFolder(path: string, uid: number): void {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  let folder: number;
  try {
    folder = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch {
    return;
  }
  try {
    if (fstatSync(folder).uid !== uid) return;
    fchownSync(folder, 0, 0);
    fchmodSync(folder, WALKABLE);
  } finally {
    closeSync(folder);
  }
}

function noteIn(home: string): string {
  return join(home, 'data-directory');
}

function readOwner(home: string): string | undefined {
  try {
    return readFileSync(noteIn(home), 'utf8');
  } catch {
    return undefined;
  }
}

/** One folder may have several paths. */
function areSame(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
}
