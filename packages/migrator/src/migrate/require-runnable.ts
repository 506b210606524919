/** Stops a run before its first statement if the files and the migrations table contradict each other. */
import { MigrationError, type MigrationErrorCode } from './migration-error.ts';
import type { MigrationState } from './migration-status.ts';

/**
 * @throws {MigrationError} that names every migration that is not applied, pending or half-applied, with the remedy. Its code is that of
 *   the first such migration.
 */
export function requireRunnable(states: readonly MigrationState[]): void {
  const obstacles = states.flatMap(({ name, state }) => (isRunnable(state) ? [] : [{ name, ...OBSTACLES[state] }]));
  const [first] = obstacles;
  if (first === undefined) return;
  const lines = obstacles.map(({ name, text }) => `  ${name}: ${text}`);
  throw new MigrationError(
    first.code,
    ['The migration files and the database do not agree. Nothing was changed.', ...lines].join('\n'),
  );
}

type RunnableState = 'applied' | 'pending' | 'half-applied';
type ObstacleState = Exclude<MigrationState['state'], RunnableState>;

function isRunnable(state: MigrationState['state']): state is RunnableState {
  return state === 'applied' || state === 'pending' || state === 'half-applied';
}

/** The end of a sentence that begins with the name of the migration, and the remedy. */
const OBSTACLES: Record<ObstacleState, { code: MigrationErrorCode; text: string }> = {
  edited: {
    code: 'HISTORY_EDITED',
    text: 'was changed after it was applied. Restore the file from git, and write the change as a new migration.',
  },
  missing: {
    code: 'HISTORY_MISSING',
    text: 'is in the journal, but its .sql file does not exist. Restore the file from git.',
  },
  unknown: {
    code: 'HISTORY_UNKNOWN',
    text: 'is not in meta/_journal.json. Pull or restore the journal. Or, if this database belongs to another branch, use another database.',
  },
  unrecorded: {
    code: 'HISTORY_UNRECORDED',
    text:
      'was applied, according to drizzle.todo_db_migrations, but its row in drizzle.__drizzle_migrations is missing. Insert the row' +
      ' again: `hash` is the SHA-256 of the .sql file in hexadecimal, `created_at` is `when` of the migration in meta/_journal.json. Or,' +
      ' if you reverted the migration manually and it must run again, delete its row in drizzle.todo_db_migrations.',
  },
  'out-of-order': {
    code: 'HISTORY_OUT_OF_ORDER',
    text: 'is not applied, and its `when` in meta/_journal.json is not later than that of a migration before it, or of an applied one. `pnpm db:rebase` generates it again as the newest migration.',
  },
};
