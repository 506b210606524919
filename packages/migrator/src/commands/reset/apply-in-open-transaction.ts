/** Applies as many migrations as possible in one transaction. */
import type { Session } from '@todo/client/session';
import { applyMigration } from '../../migrate/apply-migration.ts';
import type { FileMigration } from '../../migrate/folder.ts';
import { rootCause } from '../failure.ts';

/** `unsafe_new_enum_value_usage`: an enum label can only be used after the file that adds it has committed. */
const NEEDS_COMMIT = '55P04';

/**
 * Applies migrations inside the open transaction. Stops before the first one that must run outside a transaction, or that needs the commit
 * of an earlier one.
 * @returns the names of the applied migrations.
 * @throws {MigrationError} if a migration fails.
 */
export async function applyInOpenTransaction(
  session: Session,
  migrations: readonly FileMigration[],
): Promise<string[]> {
  const applied: string[] = [];
  for (const migration of migrations) {
    if (!migration.file.isTransactional) break;
    try {
      await applyMigration(useSavepoints(session), migration);
    } catch (error) {
      if (rootCause(error).code === NEEDS_COMMIT) break;
      throw error;
    }
    // The settings of one file must not reach the next: in a normal run, each file begins with the session's defaults.
    await session.query('reset all; reset session authorization');
    applied.push(migration.name);
  }
  return applied;
}

const SAVEPOINTS: Record<string, string> = {
  begin: 'savepoint migration',
  commit: 'release savepoint migration',
  rollback: 'rollback to savepoint migration',
};

/** Turns the transactions of a session into savepoints of the open transaction. */
function useSavepoints(session: Session): Session {
  return { query: (text, params) => session.query(SAVEPOINTS[text] ?? text, params) };
}
