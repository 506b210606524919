import { type Check, verdict } from '../../check.ts';
import { errorChain } from '../../error-chain.ts';

export const codeInSync: Check = {
  id: 'migrate/code-in-sync',
  title: 'The migrations match the schema in the code',
  method: 'Compares drizzle-kit’s snapshot of the last migration with the schema in the code.',
  why: 'Queries use columns that no migration creates.',
  remedy: 'pnpm db:generate',
  mode: 'local',
  takesLong: true,
  run: async ({ database }) => {
    const kit = await loadKit();
    if (kit === undefined) return { kind: 'skip', reason: 'not run: drizzle-kit is not installed' };
    if (await kit.migrationsMatchSchema(database)) return verdict([]);
    return verdict([
      { have: 'the schema in the code has changes without a migration', want: 'a migration for each change' },
    ]);
  },
};

/** Loads the comparison that needs drizzle-kit. Undefined if drizzle-kit is not installed, as outside a checkout. */
async function loadKit() {
  try {
    return await import('@todo/migrator/in-step');
  } catch (error) {
    const isMissing = errorChain(error).some(({ code }) => code === 'ERR_MODULE_NOT_FOUND');
    if (!isMissing) throw error;
    return undefined;
  }
}
