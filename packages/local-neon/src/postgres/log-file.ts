/**
 * Where PostgreSQL's own messages go: an open file, for whoever opened it to close. Opened synchronously, as all is done that a start does before it
 * has a process to wait for: the first asynchronous call alone would take longer.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

import { LocalNeonError, reasonOf } from '../error.ts';
import { makeFolder } from '../make-folder.ts';
import { requireOwnDataDirectory } from '../folder-ownership.ts';

/**
 * `postgres.log` in the data directory, made with it: the first thing that a start writes there.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` where nothing can be written, and for a folder in which others may write.
 */
export function openLog(dataDir: string): number {
  try {
    // What the guard is told is told in lines.
    if (dataDir.includes('\n')) throw new Error('there is a line break in its path');
    makeFolder(dataDir, 0o700);
    requireOwnDataDirectory(dataDir);
    return openOwnFile(join(dataDir, 'postgres.log'));
  } catch (cause) {
    if (cause instanceof LocalNeonError) throw cause;
    throw new LocalNeonError(
      'DATA_DIRECTORY_UNUSABLE',
      `No databases can be kept in ${dataDir}: ${reasonOf(cause)}. Name another folder.`,
      { cause },
    );
  }
}

/** To append to and to read. Anything but a file, put there when others could write in the folder, is not opened. */
function openOwnFile(path: string): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  let file: number;
  try {
    file = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  } catch (cause) {
    const isLink = (cause as NodeJS.ErrnoException).code === 'ELOOP';
    throw isLink ? new Error(`${path} is a link`, { cause }) : cause;
  }
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new Error(`${path} is not a file`);
}

/** For a temporary server: a file that is gone when nobody has it open any more. Throws `START_FAILED`. */
export function openNamelessFile(folder: string): number {
  const path = join(folder, `local-neon-${randomBytes(6).toString('hex')}.log`);
  try {
    const file = openSync(path, 'ax+', 0o600);
    unlinkSync(path);
    return file;
  } catch (cause) {
    throw new LocalNeonError(
      'START_FAILED',
      `Nothing can be written in ${folder}: ${reasonOf(cause)}. Set TMPDIR to another folder.`,
      { cause },
    );
  }
}
