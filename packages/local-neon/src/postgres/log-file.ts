/** Where PostgreSQL's own messages go. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** `postgres.log` in the data directory, made with it. */
export async function openLog(dataDir: string): Promise<FileHandle> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  return open(join(dataDir, 'postgres.log'), 'a+', 0o600);
}

/** For a temporary server: a file that is gone when nobody has it open any more. */
export async function openNamelessFile(folder: string): Promise<FileHandle> {
  const path = join(folder, `local-neon-${randomBytes(6).toString('hex')}.log`);
  const file = await open(path, 'ax+', 0o600);
  await unlink(path);
  return file;
}
