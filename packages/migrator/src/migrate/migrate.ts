/** Applies the migrations that a database lacks. */
import type { Session } from '@todo/client/session';

import { openSession, readTarget } from '../connection/index.ts';
import { recordBaseline } from './baseline.ts';
import { applyMigration } from './apply-migration.ts';
import { type MigrationFolder, readFolder } from './folder.ts';
import { type Limits, type LimitsInForce, startLimits } from './limits.ts';
import type { MigrateEvent } from './migrate-event.ts';
import { MigrationError } from './migration-error.ts';
import { type LockHolder, withMigrationLock } from './migration-lock.ts';
import { type MigrationState, readHistory } from './migration-status.ts';
import { plan } from './plan.ts';
import { refusePooledHost } from './pooled-host.ts';
import type { Shadow } from './replay.ts';

export interface MigrateOptions {
  /** An empty database to compare with, should the database turn out to have the tables without their migrations. */
  readonly shadow?: () => Promise<Shadow>;
  readonly onProgress?: (event: MigrateEvent) => void;
  /** How long to wait for another run on the same database to end. Default 60 000. */
  readonly lockTimeoutMs?: number;
  /**
   * How long a statement may wait for a table that is in use; meanwhile everybody else's statements wait behind it.
   * Default 2000. A migration may set its own `lock_timeout`.
   */
  readonly tableLockTimeoutMs?: number;
  /** How often to ask for such a table before giving up, with growing pauses that let the others through. Default 6. */
  readonly tableLockAttempts?: number;
  /** How long a statement may run; 0 is for ever. What the server or the role has set unless given. */
  readonly statementTimeoutMs?: number;
}

/** Names of migrations, such as `0000_create_tables`, each in one list. */
export interface MigrateResult {
  readonly applied: string[];
  readonly baselined: string[];
  readonly unchanged: string[];
}

/**
 * Applies what is pending, one transaction per file, while holding a lock that keeps other runs out. Runs at the same
 * time are safe: one applies, the others wait and find nothing to do. A file whose first line is
 * `-- migrate: no transaction` runs statement by statement; should it be interrupted, the next run continues it.
 * @param migrations the migrations folder.
 * @param url of the database itself, not of a pooler: a pooler loses locks and settings between statements. Any PostgreSQL's, as psql
 *   takes it: with `sslmode`, with libpq's variables and `~/.pgpass`, or of a Unix socket.
 * @throws {DatabaseUrlError} when the connection string is missing or wrong.
 * @throws {MigrationError} whose `code` says why the run stopped.
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
  const limits = {
    tableLockTimeoutMs,
    tableLockAttempts,
    ...(statementTimeoutMs !== undefined && { statementTimeoutMs }),
  };
  const inForce = await startLimits(session, limits);
  const onWait = (holder: LockHolder | undefined) => onProgress({ kind: 'waiting', holder });
  return await withMigrationLock(session, { waitMs: lockTimeoutMs, onWait }, () =>
    applyPending(session, folder, { limits, inForce, onProgress, ...(shadow && { shadow }) }),
  );
}

interface RunOptions {
  readonly limits: Limits;
  readonly inForce: LimitsInForce;
  readonly onProgress: (event: MigrateEvent) => void;
  readonly shadow?: () => Promise<Shadow>;
}

async function applyPending(session: Session, folder: MigrationFolder, options: RunOptions): Promise<MigrateResult> {
  const { limits, inForce, onProgress } = options;
  const { baselined, pending, unchanged } = await plan(session, folder, options);
  await recordBaseline(session, baselined);
  for (const { name } of baselined) onProgress({ kind: 'baselined', name });
  if (pending.length > 0) onProgress({ kind: 'limits', ...inForce });
  for (const migration of pending) {
    onProgress({ kind: 'applying', name: migration.name });
    await applyMigration(session, migration, { limits, onProgress });
    onProgress({ kind: 'applied', name: migration.name });
  }
  requireAllApplied((await readHistory(session, folder)).states);
  return { applied: pending.map(nameOf), baselined: baselined.map(nameOf), unchanged: unchanged.map(nameOf) };
}

const nameOf = ({ name }: { name: string }): string => name;

/** Drizzle's own migrator takes no lock, and a migration may write to the migrations table itself. */
function requireAllApplied(states: readonly MigrationState[]): void {
  const changed = states.filter(({ state }) => state !== 'applied');
  if (changed.length === 0) return;
  const names = changed.map(({ name, state }) => `${name} (${state})`).join(', ');
  throw new MigrationError(
    'HISTORY_CHANGED',
    `Somebody else changed the record of migrations during this run: ${names}. Look at \`pnpm db:status\`.`,
  );
}
