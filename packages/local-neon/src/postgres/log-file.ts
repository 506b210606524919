/** Where PostgreSQL's own messages go. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { LocalNeonError, reasonOf } from '../error.ts';

/**
 * `postgres.log` in the data directory, made with it: the first thing that a start writes there.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` where nothing can be written.
 */
export async function openLog(dataDir: string): Promise<FileHandle> {
  try {
    // What the guard is told is told in lines.
    if (dataDir.includes('\n')) throw new Error('there is a line break in its path');
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return await open(join(dataDir, 'postgres.log'), 'a+', 0o600);
  } catch (cause) {
    throw new LocalNeonError(
      'DATA_DIRECTORY_UNUSABLE',
      `No databases can be kept in ${dataDir}: ${reasonOf(cause)}. Name another folder.`,
      { cause },
    );
  }
}

/** For a temporary server: a file that is gone when nobody has it open any more. Throws `START_FAILED`. */
export async function openNamelessFile(folder: string): Promise<FileHandle> {
  const path = join(folder, `local-neon-${randomBytes(6).toString('hex')}.log`);
  const file = await open(path, 'ax+', 0o600).catch((cause: unknown) => {
    throw new LocalNeonError(
      'START_FAILED',
      `Nothing can be written in ${folder}: ${reasonOf(cause)}. Set TMPDIR to another folder.`,
      { cause },
    );
  });
  await unlink(path);
  return file;
}
