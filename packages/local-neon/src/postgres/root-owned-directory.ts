/**
 * Manages the root-owned directories, which contain PostgreSQL's own files when local-neon runs as root. PostgreSQL then
 * runs as another user, who cannot enter the folders of root. So each data directory of root has a root-owned directory
 * below `/var/lib/local-neon`, and the link `postgres` in the data directory points into it. A link is easily copied, so
 * each root-owned directory names its data directory.
 *
 * - `/var/lib/local-neon`, the parent, and each root-owned directory: owned by root, mode 0711, so that no other user can
 *   replace them
 * - `data-directory` in a root-owned directory: the path of its data directory; owned by root, mode 0600
 * - `postgres/` in a root-owned directory: PostgreSQL's own files; owned by the user that PostgreSQL runs as, mode 0700
 */
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { LocalNeonError, reasonOf } from '../error.ts';
import { ownershipProblem } from '../folder-ownership.ts';
import { ifPossible } from '../if-possible.ts';
import { createFolder } from '../create-folder.ts';
import { allowServerToEnter } from './folders.ts';

const PARENT = '/var/lib/local-neon';
/** Every user may enter the folder, and only its owner may list it. */
const PASSABLE = 0o711;
const NAME_LENGTH_MAX = 40;

/** Creates a root-owned directory that names no data directory yet. Throws `DATA_DIRECTORY_UNUSABLE` on failure. */
export function createRootOwnedDirectory(dataDir: string): string {
  try {
    createFolder(PARENT, PASSABLE);
    requireSafeParent();
    chmodSync(PARENT, PASSABLE);
    // A file name of the full length would become too long with its suffix.
    const name = basename(dirname(dataDir)).slice(0, NAME_LENGTH_MAX);
    const directory = mkdtempSync(join(PARENT, `${name}-`));
    allowServerToEnter(directory);
    return directory;
  } catch (cause) {
    if (cause instanceof LocalNeonError) throw cause;
    const message =
      `local-neon runs as root and cannot keep the databases of ${dataDir} in ${PARENT}: ${reasonOf(cause)}. ` +
      `Make ${dirname(PARENT)} writable, or run local-neon as an ordinary user.`;
    throw new LocalNeonError('DATA_DIRECTORY_UNUSABLE', message, { cause });
  }
}

/** Creates a root-owned directory under its old name, unless it exists. */
export function recreateRootOwnedDirectory(directory: string): string {
  createFolder(directory, 0o700);
  allowServerToEnter(directory);
  return directory;
}

/**
 * Throws `DATA_DIRECTORY_UNUSABLE` when another user could have changed the parent, the root-owned directory or a path in
 * it: root would follow a link, or change files that another user replaces. A missing path is allowed.
 */
export function requireSafeDirectory(directory: string, dataDir: string): void {
  requireSafeParent();
  const startEmpty = `To start with an empty database instead, move ${dataDir} away.`;
  refuseIf(
    directory,
    linkProblem(directory) ?? ownershipProblem(directory),
    `${folderRemedy(directory)} Do not remove the folder: ${dataDir}/postgres is a link to the databases in it. ${startEmpty}`,
  );
  const nameFile = dataDirectoryFile(directory);
  refuseIf(
    nameFile,
    linkProblem(nameFile) ?? ownershipProblem(nameFile),
    `If ${dataDir} is not a copy of another data directory, remove this file: the next start writes it again.`,
  );
  // `restrictPermissions` in data-directory.ts checks the owner of this folder.
  const databases = join(directory, 'postgres');
  refuseIf(databases, linkProblem(databases), `${folderRemedy(databases)} ${startEmpty}`);
}

/** The root-owned directory to which the link in a data directory points, even if it is missing. Undefined without a link. */
export function findRootOwnedDirectory(dataDir: string): string | undefined {
  const linkTarget = ifPossible(() => readlinkSync(join(dataDir, 'postgres')));
  const [, name] = LINK_TARGET.exec(linkTarget ?? '') ?? [];
  return name === undefined ? undefined : join(PARENT, name);
}

/** `/var/lib/local-neon/<name>/postgres`. The name is not `.` or `..`, which would lead out of the parent. */
const LINK_TARGET = new RegExp(String.raw`^${PARENT}/(?!\.\.?/)([^/]+)/postgres$`);

/** The other data directory to which a root-owned directory belongs; undefined when `dataDir` is not a copy. */
export function findOriginal(directory: string, dataDir: string): string | undefined {
  const original = readDataDirectoryFile(directory);
  if (original === undefined || original === dataDir) return undefined;
  return findRootOwnedDirectory(original) === directory && !isSameFolder(original, dataDir) ? original : undefined;
}

/** Writes the path of the data directory, which is new or was moved, into its root-owned directory. */
export function claimRootOwnedDirectory(directory: string, dataDir: string): void {
  if (readDataDirectoryFile(directory) === dataDir) return;
  rmSync(dataDirectoryFile(directory), { force: true });
  writeFileSync(dataDirectoryFile(directory), dataDir, { flag: 'wx', mode: 0o600 });
}

function requireSafeParent(): void {
  refuseIf(
    PARENT,
    linkProblem(PARENT) ?? ownershipProblem(PARENT),
    `${folderRemedy(PARENT)} Do not remove the folder: it contains the databases of all data directories of root.`,
  );
}

/** Throws if there is a problem: a phrase that follows the path. */
function refuseIf(path: string, problem: string | undefined, remedy: string): void {
  if (problem === undefined) return;
  const message = `${path} ${problem}. Another user could have changed it, so it is not used. Nothing was changed. ${remedy}`;
  throw new LocalNeonError('DATA_DIRECTORY_UNUSABLE', message);
}

/** How to make a folder safe again and keep the databases in it. */
function folderRemedy(folder: string): string {
  const repair = isLink(folder)
    ? 'If root created this link, replace it with the folder to which it points'
    : 'If only root has written in this folder, make root its owner again (chown root:root and chmod go-w, without -R)';
  return `${repair}. Otherwise restore the folder from a backup.`;
}

function linkProblem(path: string): string | undefined {
  return isLink(path) ? 'is a link' : undefined;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** The file that names the data directory. */
function dataDirectoryFile(directory: string): string {
  return join(directory, 'data-directory');
}

function readDataDirectoryFile(directory: string): string | undefined {
  return ifPossible(() => readFileSync(dataDirectoryFile(directory), 'utf8'));
}

/** Whether two paths are the same folder. */
function isSameFolder(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
}
