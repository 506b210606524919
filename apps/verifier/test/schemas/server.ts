/** A local Neon with a known superuser password, on which databases are created and dropped. */
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Branch, type LocalNeon, removeLocalNeon, startLocalNeon } from '@todo/local-neon';
import { z } from 'zod';

export interface Server extends AsyncDisposable {
  /** Clones the database of a branch. Without a branch name, creates an empty database. */
  create(from?: string): Promise<Database>;
}

export interface Database extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly superuserUrl: string;
}

/** `binDir` has the programs of another PostgreSQL version than the packaged one. */
export async function startServer(binDir?: string): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), 'schemas-'));
  const neon = await startLocalNeon({ dataDir, isJoinable: false, ...(binDir !== undefined && { binDir }) });
  const password = await superuserPassword(dataDir);
  let count = 0;
  return {
    async create(from = 'template1') {
      const branch = await neon.branches.create(`schema_${(count += 1)}`, { from, disconnect: true });
      return toDatabase(neon, branch, password);
    },
    async [Symbol.asyncDispose]() {
      await neon.close();
      await removeLocalNeon(dataDir);
    },
  };
}

function toDatabase(neon: LocalNeon, { name, url }: Branch, password: string): Database {
  const superuser = new URL(url);
  superuser.username = 'postgres';
  superuser.password = password;
  return { name, url, superuserUrl: superuser.href, [Symbol.asyncDispose]: () => neon.branches.delete(name) };
}

const Settings = z.object({ superuserPassword: z.string() });

async function superuserPassword(dataDir: string): Promise<string> {
  return Settings.parse(JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8'))).superuserPassword;
}
