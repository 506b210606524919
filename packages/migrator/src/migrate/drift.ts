/** What was changed in a database beside its migrations: by hand, by `push`, by a build that failed. */
import { type Difference, readCatalog } from '../catalog/index.ts';
import type { Session } from '@todo/client/session';
import { hasFile, readFolder } from './folder.ts';
import { readHistory } from './migration-status.ts';
import { catalogAfter, differences, type Shadow } from './replay.ts';

export interface DriftOptions {
  /** An empty database to run the applied migrations on. */
  readonly shadow: () => Promise<Shadow>;
}

/**
 * Compares the whole catalog with what the applied migrations make, but for the order of columns. Writes nothing.
 * @returns the differences; undefined when there is nothing to compare with, because no migration is applied or one is
 *   applied by half, edited, missing or unknown.
 * @throws {MigrationError} `FOLDER_INVALID`; `STATEMENT_FAILED` when the migrations do not run on the shadow.
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

  const own = folder.migrations.filter(hasFile).filter(({ name }) => applied.has(name));
  const want = await catalogAfter(own, options.shadow);
  return differences(await readCatalog(session), want);
}
