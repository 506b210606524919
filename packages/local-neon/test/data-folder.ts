/** A place for a data directory that is as unfriendly as a real one. */
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { removeLocalNeon } from '../src/index.ts';

export interface DataFolder {
  /** Closed to others, as root's home is, and with spaces, as many are. */
  readonly folder: string;
  readonly dataDir: string;
  /** Also what root's server keeps elsewhere. */
  readonly remove: () => Promise<void>;
}

export async function createDataFolder(): Promise<DataFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'life cycle '));
  await chmod(folder, 0o700);
  const dataDir = join(folder, '.local-neon');
  return {
    folder,
    dataDir,
    remove: async () => {
      await removeLocalNeon(dataDir);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Where PostgreSQL's own files are; undefined when there are none. */
export async function realPostgres(dataDir: string): Promise<string | undefined> {
  return realpath(join(dataDir, 'postgres')).catch(() => undefined);
}
