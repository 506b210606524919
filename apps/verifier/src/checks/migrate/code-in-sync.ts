import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { MIGRATIONS_FOLDER } from '@todo/db/migrate';

import { type Check, verdict } from '../../check.ts';

export const codeInSync: Check = {
  id: 'migrate/code-in-sync',
  title: 'The migrations lead to the schema in the code',
  method: 'drizzle-kit’s picture of the last migration beside that of the code, in a process of its own.',
  why: 'Queries use columns that no migration makes.',
  remedy: 'pnpm db:generate',
  severity: 'error',
  mode: 'local',
  takesLong: true,
  run: async () => {
    const cli = join(MIGRATIONS_FOLDER, '../dist/cli.js');
    try {
      await promisify(execFile)(process.execPath, [cli, 'generate', '--check']);
      return verdict([]);
    } catch (error) {
      const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
      // Outside a checkout there is no drizzle-kit, and no code to compare.
      if (code !== 1)
        return { kind: 'skip', reason: `not run: ${stderr.trim().split('\n').at(-1) ?? 'no drizzle-kit'}` };
      return verdict([{ have: stderr.trim(), want: 'no difference between schema.ts and the last migration' }]);
    }
  },
};
