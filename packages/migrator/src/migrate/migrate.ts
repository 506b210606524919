/** Applies the pending migrations of a database. */
import type { Session } from '@todo/client/session';

import { openSession, readTarget } from '../connection/index.ts';
import { recordBaseline } from './baseline.ts';
import { applyMigration } from './apply-migration.ts';
import { type MigrationFolder, readFolder } from './folder.ts';
import { type Limits, readLimits, setLimits } from './limits.ts';
import type { MigrateEvent } from './migrate-event.ts';
import { MigrationError } from './migration-error.ts';
import { type LockHolder, withMigrationLock } from './migration-lock.ts';
import { type MigrationState, readHistory } from './migration-status.ts';
import { planRun, type PlanOptions } from './plan.ts';
import { refusePooledHost } from './pooled-host.ts';

export interface MigrateOptions extends PlanOptions {
  /** How long to wait for another run on the same database to end. Default 60 000. */
  readonly lockTimeoutMs?: number;
  /**
   * How long a statement may wait for a lock on a table. Statements of other sessions on this table queue behind it meanwhile. Default
   * 2000. A migration may set its own `lock_timeout`.
   */
  readonly tableLockTimeoutMs?: number;
  /** The maximal number of attempts to get such a lock, with growing pauses in which other sessions continue. Default 6. */
  readonly tableLockAttempts?: number;
  /** How long a statement may run; 0 is no limit. Default: the setting of the server or the role. */
  readonly statementTimeoutMs?: number;
}

/** Names of migrations, such as `0000_create_tables`. Each name is in one list. */
export interface MigrateResult {
  readonly applied: string[];
  readonly baselined: string[];
  readonly unchanged: string[];
}

/**
 * Applies the pending migrations, one transaction per file, while it holds a lock that excludes other runs. Runs at the same time are safe:
 * one applies the files, the others wait and then find nothing to do. A file whose first line is `-- migrate: no transaction` runs
 * statement by statement; if it is interrupted, the next run continues it.
 * @param migrations the migrations folder.
 * @param url the connection string of the database itself, not of a pooler: a pooler loses locks and settings between statements. Any
 *   PostgreSQL that psql can connect to: with `sslmode`, with libpq's variables and `~/.pgpass`, or over a Unix socket.
 * @throws {DatabaseUrlError} if the connection string is missing or invalid.
 * @throws {MigrationError} whose `code` is the reason why the run stopped.
 *
 * ```ts
 * const { applied } = await migrate(process.env.DATABASE_URL_UNPOOLED, 'migrations', { shadow: startLocalNeon });
 * ```
 */
export async function migrate(
  url: string | undefined,
  migrations: string,
  options: MigrateOptions = {},
): Promise<MigrateResult> {
  const { lockTimeoutMs = 60_000, tableLockTimeoutMs = 2000, tableLockAttempts = 6, statementTimeoutMs } = options;
  const { shadow, onProgress = () => {} } = options;
  refusePooledHost(readTarget(url).host);
  const folder = await readFolder(migrations);
  const onConnect = (route: string) => onProgress({ kind: 'connected', route });
  await using session = await openSession(url, { applicationName: 'todo-db migrate', onConnect });
  const statementLimit = statementTimeoutMs === undefined ? {} : { statementTimeoutMs };
  const limits = { tableLockTimeoutMs, tableLockAttempts, ...statementLimit };
  await setLimits(session, limits);
  const onWait = (holder: LockHolder | undefined) => onProgress({ kind: 'waiting', holder });
  return await withMigrationLock(session, { waitMs: lockTimeoutMs, onWait }, () =>
    applyPending(session, folder, { limits, onProgress, ...(shadow && { shadow }) }),
  );
}

interface RunOptions extends PlanOptions {
  readonly limits: Limits;
  readonly onProgress: (event: MigrateEvent) => void;
}

async function applyPending(session: Session, folder: MigrationFolder, options: RunOptions): Promise<MigrateResult> {
  const { limits, onProgress } = options;
  const { baselined, pending, unchanged } = await planRun(session, folder, options);
  await recordBaseline(session, baselined);
  for (const { name } of baselined) onProgress({ kind: 'baselined', name });
  if (pending.length > 0) onProgress(await readLimits(session));
  for (const migration of pending) {
    onProgress({ kind: 'applying', name: migration.name });
    await applyMigration(session, migration, { limits, onProgress });
    onProgress({ kind: 'applied', name: migration.name });
  }
  requireAllApplied((await readHistory(session, folder)).states);
  return { applied: pending.map(nameOf), baselined: baselined.map(nameOf), unchanged: unchanged.map(nameOf) };
}

const nameOf = ({ name }: { name: string }): string => name;

/**
 * Fails if a migration is not recorded as applied: another tool may have changed the migrations table during the run, because Drizzle's
 * migrator takes no lock, or a migration may have written to that table.
 */
function requireAllApplied(states: readonly MigrationState[]): void {
  const unapplied = states.filter(({ state }) => state !== 'applied');
  if (unapplied.length === 0) return;
  const names = unapplied.map(({ name, state }) => `${name} (${state})`).join(', ');
  throw new MigrationError(
    'HISTORY_CHANGED',
    `After the run, these migrations are not applied: ${names}. A migration or another program changed the migrations table during the` +
      ' run. `pnpm db:status` shows the state of each migration.',
  );
}
