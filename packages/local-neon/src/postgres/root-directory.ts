/**
 * Manages the root directories, which contain PostgreSQL's own files when local-neon runs as root. The server's user
 * cannot enter the folders of root, so each data directory of root has a root directory below `/var/lib/local-neon`.
 * The link `postgres` in the data directory points to it. A link is easily copied, so each root directory names its
 * data directory.
 *
 * - `/var/lib/local-neon` and each root directory: owned by root, mode 0711, so that no other program can replace them
 * - `data-directory` in a root directory: the path of the data directory; owned by root, mode 0600
 * - `postgres/` in a root directory: PostgreSQL's own files; owned by the server's user, mode 0700
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
import { ownershipProblem } from '../folder-ownership.ts';
import { ifPossible } from '../if-possible.ts';
import { createFolder } from '../create-folder.ts';
import { allowServerToEnter } from './folders.ts';
import { serverUser } from './server-user.ts';

const ROOT_DIRECTORIES = '/var/lib/local-neon';
/** Every user may enter the folder, and only its owner may list it. */
const PASSABLE = 0o711;
const NAME_LENGTH_MAX = 40;

/** Creates a root directory that names no data directory yet. Throws `DATA_DIRECTORY_UNUSABLE` on failure. */
export function createRootDirectory(dataDir: string): string {
  try {
    createFolder(ROOT_DIRECTORIES, PASSABLE);
    requireRootDirectories();
    chmodSync(ROOT_DIRECTORIES, PASSABLE);
    // A file name of the full length would become too long with its suffix.
    const name = basename(dirname(dataDir)).slice(0, NAME_LENGTH_MAX);
    const directory = mkdtempSync(join(ROOT_DIRECTORIES, `${name}-`));
    allowServerToEnter(directory);
    return directory;
  } catch (cause) {
    if (cause instanceof LocalNeonError) throw cause;
    throw new LocalNeonError(
      'DATA_DIRECTORY_UNUSABLE',
      `local-neon runs as root and cannot keep the databases of ${dataDir} in ${ROOT_DIRECTORIES}: ${reasonOf(cause)}. ` +
        `Make ${dirname(ROOT_DIRECTORIES)} writable, or run this as an ordinary user.`,
      { cause },
    );
  }
}

/** Creates a root directory under its old name, unless it exists. */
export function recreateRootDirectory(directory: string): string {
  createFolder(directory, 0o700);
  allowServerToEnter(directory);
  return directory;
}

/**
 * Throws `DATA_DIRECTORY_UNUSABLE` when another user could have changed a root directory, the file that names its
 * owner, or the parent of all root directories: root would follow a link, or change files that another user replaces. A
 * missing one is allowed.
 */
export function requireRootDirectory(directory: string): void {
  requireRootDirectories();
  refuseIf(directory, linkProblem(directory) ?? ownershipProblem(directory));
  refuseIf(ownerFile(directory), linkProblem(ownerFile(directory)) ?? ownershipProblem(ownerFile(directory)));
  // `closeToOthers` checks the owner when it opens the folder.
  refuseIf(join(directory, 'postgres'), linkProblem(join(directory, 'postgres')));
}

/** The root directory to which the link in a data directory points, even if it is missing. Undefined without a link. */
export function findRootDirectory(dataDir: string): string | undefined {
  const target = ifPossible(() => readlinkSync(join(dataDir, 'postgres')));
  const [, name] = LINK_TO_ROOT_DIRECTORY.exec(target ?? '') ?? [];
  return name === undefined ? undefined : join(ROOT_DIRECTORIES, name);
}

const LINK_TO_ROOT_DIRECTORY = new RegExp(String.raw`^${ROOT_DIRECTORIES}/(?!\.\.?/)([^/]+)/postgres$`);

/** The other data directory to which a root directory belongs; undefined when `dataDir` is not a copy. */
export function findOriginal(directory: string, dataDir: string): string | undefined {
  const owner = readOwner(directory);
  if (owner === undefined || owner === dataDir) return undefined;
  return findRootDirectory(owner) === directory && !isSameFolder(owner, dataDir) ? owner : undefined;
}

/** Writes the path of the data directory, which is new or was moved. */
export function claimRootDirectory(directory: string, dataDir: string): void {
  if (readOwner(directory) === dataDir) return;
  rmSync(ownerFile(directory), { force: true });
  writeFileSync(ownerFile(directory), dataDir, { flag: 'wx', mode: 0o600 });
}

function requireRootDirectories(): void {
  takeOwnership();
  refuseIf(ROOT_DIRECTORIES, linkProblem(ROOT_DIRECTORIES) ?? ownershipProblem(ROOT_DIRECTORIES));
}

function refuseIf(path: string, problem: string | undefined): void {
  if (problem === undefined) return;
  throw new LocalNeonError(
    'DATA_DIRECTORY_UNUSABLE',
    `${path} ${problem}: another program changed it. Nothing was changed now. Restore it, or remove it to start with an empty database.`,
  );
}

function linkProblem(path: string): string | undefined {
  return readStats(path)?.isSymbolicLink() ? 'is a link' : undefined;
}

function readStats(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/**
 * Makes root the owner of the parent and the root directories, which an earlier version gave to the server's user. Uses
 * descriptors, because a path may be replaced in the next moment. Other owners are refused when a folder is used.
 */
function takeOwnership(): void {
  const uid = serverUser()?.uid;
  if (uid === undefined || readStats(ROOT_DIRECTORIES)?.uid !== uid) return;
  takeFolderOwnership(ROOT_DIRECTORIES, uid);
  for (const name of readdirSync(ROOT_DIRECTORIES)) takeFolderOwnership(join(ROOT_DIRECTORIES, name), uid);
}

function takeFolderOwnership(path: string, uid: number): void {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const folder = ifPossible(() => openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  if (folder === undefined) return;
  try {
    if (fstatSync(folder).uid !== uid) return;
    fchownSync(folder, 0, 0);
    fchmodSync(folder, PASSABLE);
  } finally {
    closeSync(folder);
  }
}

function ownerFile(directory: string): string {
  return join(directory, 'data-directory');
}

function readOwner(directory: string): string | undefined {
  return ifPossible(() => readFileSync(ownerFile(directory), 'utf8'));
}

/** Whether two paths are the same folder. */
function isSameFolder(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
}
