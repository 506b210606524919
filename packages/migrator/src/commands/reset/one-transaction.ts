/** Runs as many migrations as one transaction can hold. */
import { isSqlState } from '@todo/client/errors';
import type { Session } from '@todo/client/session';
import { applyMigration } from '../../migrate/apply-migration.ts';
import type { Migration } from '../../migrate/folder.ts';
import { rootCause } from '../failure.ts';

/** `unsafe_new_enum_value_usage`: a label that an earlier file adds can be used when that file has committed. */
const NEEDS_COMMIT = '55P04';

/**
 * Applies migrations inside the transaction that is open, up to the first that wants to run outside of one, or that needs an
 * earlier one committed.
 * @returns the names of those that were applied.
 * @throws {MigrationError} when one cannot run.
 */
export async function applyWithin(session: Session, migrations: readonly Required<Migration>[]): Promise<string[]> {
  const applied: string[] = [];
  for (const migration of migrations) {
    if (!migration.file.isTransactional) break;
    try {
      await applyMigration(inSavepoints(session), migration);
    } catch (error) {
      const { code } = rootCause(error);
      if (isSqlState(code) && code === NEEDS_COMMIT) break;
      throw error;
    }
    // What a file has set does not reach the next one where each has a session's settings to begin with.
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

/** A session whose transactions are savepoints of the one that is open. */
function inSavepoints(session: Session): Session {
  return { query: (text, params) => session.query(SAVEPOINTS[text] ?? text, params) };
}
