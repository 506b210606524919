/** Plans a run of migrations without running it. */
import type { Session } from '@todo/client/session';

import { openSession, readTarget } from '../connection/index.ts';
import { findBaseline } from './baseline.ts';
import { hasFile, type FileMigration, type MigrationFolder, readFolder } from './folder.ts';
import type { MigrateEvent } from './migrate-event.ts';
import { type MigrationState, readHistory } from './migration-status.ts';
import type { OpenShadow } from './replay.ts';
import { requireRunnable } from './require-runnable.ts';

export interface PlanOptions {
  /** Opens an empty database for comparison. It is needed if the database has the tables but no recorded migrations. */
  readonly shadow?: OpenShadow;
  readonly onProgress?: (event: MigrateEvent) => void;
}

export interface PlannedMigration {
  readonly name: string;
  readonly isTransactional: boolean;
  /** The statements in order, without those that an interrupted run has done. */
  readonly statements: readonly string[];
}

export interface MigrationPlan {
  readonly pending: PlannedMigration[];
  readonly baselined: string[];
  readonly unchanged: string[];
}

/**
 * Returns the steps that `migrate` would take now. Takes no lock and writes nothing.
 * @throws {DatabaseUrlError} if the connection string is missing or invalid.
 * @throws {MigrationError} if `migrate` would stop before its first statement.
 */
export async function planMigrations(
  url: string | undefined,
  migrations: string,
  options: PlanOptions = {},
): Promise<MigrationPlan> {
  const { onProgress } = options;
  readTarget(url);
  const folder = await readFolder(migrations);
  await using session = await openSession(url, { onConnect: (route) => onProgress?.({ kind: 'connected', route }) });
  const { baselined, pending, unchanged, states } = await planRun(session, folder, options);
  return {
    pending: pending.map((migration) => toPlanned(migration, states)),
    baselined: baselined.map(({ name }) => name),
    unchanged: unchanged.map(({ name }) => name),
  };
}

interface Plan {
  readonly pending: FileMigration[];
  readonly baselined: FileMigration[];
  readonly unchanged: MigrationState[];
  readonly states: MigrationState[];
}

/** Decides which migrations are recorded as applied (`baselined`) and which run (`pending`). Throws if a run is not possible. */
export async function planRun(session: Session, folder: MigrationFolder, options: PlanOptions): Promise<Plan> {
  const { shadow, onProgress } = options;
  const { states, hasNoRecords } = await readHistory(session, folder);
  requireRunnable(states);
  const unchanged = states.filter(({ state }) => state === 'applied');
  const names = new Set(unchanged.map(({ name }) => name));
  const remaining = folder.migrations.filter(hasFile).filter(({ name }) => !names.has(name));
  const openShadow =
    shadow &&
    (() => {
      onProgress?.({ kind: 'comparing' });
      return shadow();
    });
  const baselined = hasNoRecords ? await findBaseline(session, remaining, openShadow) : [];
  return { pending: remaining.slice(baselined.length), baselined, unchanged, states };
}

function toPlanned({ name, file }: FileMigration, states: readonly MigrationState[]): PlannedMigration {
  const { statementsDone = 0 } = states.find((state) => state.name === name) ?? {};
  const statements = file.statements.slice(statementsDone).map(({ text }) => text);
  return { name, isTransactional: file.isTransactional, statements };
}
