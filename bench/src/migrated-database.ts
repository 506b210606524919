/** A local Neon with the tables of `@todo/db`, in the folder of a benchmark. */
import { join } from 'node:path';

import type { Context } from './benchmark.ts';
import { type LocalNeon, migrate, startLocalNeon } from './workspace.ts';

export async function startMigrated({ folder }: Pick<Context, 'folder'>): Promise<LocalNeon> {
  const neon = await startLocalNeon({ dataDir: join(folder, 'data') });
  await migrate(neon.url);
  return neon;
}
