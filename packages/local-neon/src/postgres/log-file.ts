/** Opens the file for PostgreSQL's messages. The caller closes the file. Synchronous calls make a start faster. */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

import { LocalNeonError, reasonOf } from '../error.ts';
import { requireSafeDataDirectory } from '../folder-ownership.ts';
import { createFolder } from '../create-folder.ts';

/**
 * Opens `postgres.log` in the data directory, and creates both if they are missing. A start creates this file first.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` when the file cannot be written, and when other users may write in the folder.
 */
export function openLog(dataDir: string): number {
  try {
    // The guard reads its commands line by line.
    if (dataDir.includes('\n')) throw new Error('its path contains a line break');
    createFolder(dataDir, 0o700);
    requireSafeDataDirectory(dataDir);
    return openLogFile(join(dataDir, 'postgres.log'));
  } catch (cause) {
    if (cause instanceof LocalNeonError) throw cause;
    const message = `The data directory ${dataDir} cannot be used: ${reasonOf(cause)}. Correct this, or use another data directory.`;
    throw new LocalNeonError('DATA_DIRECTORY_UNUSABLE', message, { cause });
  }
}

/** Opens the log for appending and reading. Refuses a link, a pipe or a device, which another user may have put there earlier. */
function openLogFile(path: string): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  } catch (cause) {
    const isLink = (cause as NodeJS.ErrnoException).code === 'ELOOP';
    throw isLink ? new Error(`${path} is a link`, { cause }) : cause;
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new Error(`${path} is not a file`);
}

/** Opens a file without a name for a temporary server. It is removed when the last process closes it. Throws `START_FAILED`. */
export function openNamelessFile(folder: string): number {
  try {
    return openUnnamed(folder) ?? openUnlinked(folder);
  } catch (cause) {
    const message = `Could not create a file in ${folder}: ${reasonOf(cause)}. Set TMPDIR to another folder.`;
    throw new LocalNeonError('START_FAILED', message, { cause });
  }
}

/** Linux's O_TMPFILE, which Node does not export. The file never has a name, so that no kill leaves it. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;

/** Undefined if the system or the file system has no unnamed files. */
function openUnnamed(folder: string): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return openSync(folder, O_TMPFILE | constants.O_RDWR | constants.O_APPEND, 0o600);
  } catch {
    return undefined;
  }
}

function openUnlinked(folder: string): number {
  const path = join(folder, `local-neon-${randomBytes(6).toString('hex')}.log`);
  const descriptor = openSync(path, 'ax+', 0o600);
  unlinkSync(path);
  return descriptor;
}
