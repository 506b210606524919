/** A folder for a data directory, with the difficulties of real ones. */
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { removeLocalNeon } from '../src/index.ts';

export interface DataFolder {
  /** Closed to other users, as root's home is, and with spaces in its name. */
  readonly folder: string;
  readonly dataDir: string;
  /** Also removes root's directory. */
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

/** The folder of PostgreSQL's own files; undefined when there are none. */
export async function realPostgres(dataDir: string): Promise<string | undefined> {
  return realpath(join(dataDir, 'postgres')).catch(() => undefined);
}
