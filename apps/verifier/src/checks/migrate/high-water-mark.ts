import { type Check, verdict } from '../../check.ts';
import { appliedMigrations } from './applied-migrations.ts';

export const highWaterMark: Check = {
  id: 'migrate/high-water-mark',
  title: 'No row of the migrations table is newer than the newest migration',
  method: 'Compares the newest date in drizzle.__drizzle_migrations with the newest date in the journal.',
  why: 'Drizzle’s own migrator skips every file that is older than the newest row, and reports success.',
  remedy: 'Set created_at of the row to the `when` of its entry in meta/_journal.json.',
  mode: 'reads',
  run: async (context) => {
    const { table, migrations } = await appliedMigrations(context);
    const newest = Math.max(0, ...migrations.map(({ createdAt }) => createdAt));
    const tooNew = table.rows.filter(({ createdAt }) => createdAt > newest);
    return verdict(
      tooNew.map(({ createdAt }) => ({
        have: `a row dated ${new Date(createdAt).toISOString()}`,
        want: `no row after ${new Date(newest).toISOString()}, the date of the newest file`,
        follows: ['migrate/history'],
      })),
    );
  },
};
