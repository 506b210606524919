/** Finds drift: changes to a database that no migration contains, such as manual changes, a `push` or a failed index build. */
import { type Difference, readCatalog } from '../catalog/index.ts';
import type { Session } from '@todo/client/session';
import { hasFile, readFolder } from './folder.ts';
import { readHistory } from './migration-status.ts';
import { catalogAfter, findDifferences, type OpenShadow } from './replay.ts';

export interface DriftOptions {
  /** Opens an empty database on which the applied migrations run. */
  readonly shadow: OpenShadow;
}

/**
 * Compares the whole catalog with the result of the applied migrations, except the order of columns. Writes nothing.
 * @returns the differences; undefined if a comparison is impossible, because no migration is applied or because one is half applied,
 *   edited, missing or unknown.
 * @throws {MigrationError} `FOLDER_INVALID`; `STATEMENT_FAILED` if the migrations fail on the shadow.
 */
export async function schemaDrift(
  session: Session,
  migrations: string,
  options: DriftOptions,
): Promise<Difference[] | undefined> {
  const folder = await readFolder(migrations);
  const { states } = await readHistory(session, folder);
  const applied = new Set(states.filter(({ state }) => state === 'applied').map(({ name }) => name));
  const isClear = states.every(({ state }) => state === 'applied' || state === 'pending');
  if (!isClear || applied.size === 0) return undefined;

  const appliedMigrations = folder.migrations.filter(hasFile).filter(({ name }) => applied.has(name));
  const want = await catalogAfter(appliedMigrations, options.shadow);
  return findDifferences(await readCatalog(session), want);
}
