/**
 * Where PostgreSQL's own messages go: an open file, for whoever opened it to close. Opened synchronously, as all is done that a start does before it
 * has a process to wait for: the first asynchronous call alone would take longer.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

import { LocalNeonError, reasonOf } from '../error.ts';

/**
 * `postgres.log` in the data directory, made with it: the first thing that a start writes there.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` where nothing can be written.
 */
export function openLog(dataDir: string): number {
  try {
    // What the guard is told is told in lines.
    if (dataDir.includes('\n')) throw new Error('there is a line break in its path');
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return openSync(join(dataDir, 'postgres.log'), 'a+', 0o600);
  } catch (cause) {
    throw new LocalNeonError(
      'DATA_DIRECTORY_UNUSABLE',
      `No databases can be kept in ${dataDir}: ${reasonOf(cause)}. Name another folder.`,
      { cause },
    );
  }
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
