/** The lock that allows one run of migrations at a time for each database. */
import { setTimeout as delay } from 'node:timers/promises';

import { z } from 'zod';

import type { Session } from '@todo/client/session';
import { MigrationError } from './migration-error.ts';

const LockHolder = z.object({
  pid: z.number(),
  /** Values that PostgreSQL does not show to this role are null. */
  role: z.string().nullable(),
  applicationName: z.string().nullable(),
  connectedAt: z.number().pipe(z.coerce.date()).nullable(),
});

export type LockHolder = z.infer<typeof LockHolder>;

export interface LockOptions {
  readonly waitMs: number;
  /** Called once if another session holds the lock. */
  readonly onWait: (holder: LockHolder | undefined) => void;
}

/**
 * Runs `work` while this session holds the lock.
 * @throws {MigrationError} `LOCK_TIMEOUT` if another session holds the lock for longer than `waitMs`.
 */
export async function withMigrationLock<T>(session: Session, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await acquireLock(session, options);
  try {
    return await work();
  } finally {
    // This fails only if the session is closed, which also released the lock.
    await session.query('select pg_advisory_unlock($1, $2)', LOCK).catch(() => {});
  }
}

/** The two keys of the advisory lock: "todo" and "migr" in ASCII. Advisory locks are separate in each database. */
const LOCK = [0x746f646f, 0x6d696772];
const POLL_INTERVAL_MS = 100;

async function acquireLock(session: Session, { waitMs, onWait }: LockOptions): Promise<void> {
  const deadline = Date.now() + waitMs;
  // The lock is polled. A statement that waits for the lock would be an open transaction, for which a CREATE INDEX CONCURRENTLY of the
  // holder waits. PostgreSQL reports that as a deadlock.
  for (let attempt = 1; !(await tryAcquireLock(session)); attempt += 1) {
    if (attempt === 1) onWait(await findHolder(session));
    if (Date.now() >= deadline) throw lockTimeoutError(waitMs, await findHolder(session));
    await delay(POLL_INTERVAL_MS);
  }
}

async function tryAcquireLock(session: Session): Promise<boolean> {
  const { rows } = await session.query('select pg_try_advisory_lock($1, $2) as acquired', LOCK);
  return rows[0]?.['acquired'] === true;
}

/** Finds the session that holds the lock. `objsubid` is 2 for an advisory lock with two keys. */
async function findHolder(session: Session): Promise<LockHolder | undefined> {
  const { rows } = await session.query(
    `select l.pid, a.usename::text as role, nullif(a.application_name, '') as "applicationName",
       (extract(epoch from a.backend_start) * 1000)::float8 as "connectedAt"
     from pg_locks l left join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.classid = $1 and l.objid = $2 and l.objsubid = 2
       and l.database = (select oid from pg_database where datname = current_database())`,
    LOCK,
  );
  return z.array(LockHolder).parse(rows)[0];
}

function lockTimeoutError(waitMs: number, holder: LockHolder | undefined): MigrationError {
  const holderName = holder === undefined ? 'a session that has just ended' : describeHolder(holder);
  const remedy =
    holder === undefined
      ? 'Run the command again.'
      : `Wait until that run ends. If that run hangs, end its session: select pg_terminate_backend(${holder.pid});`;
  return new MigrationError(
    'LOCK_TIMEOUT',
    `Waited ${waitMs} ms for another run of migrations, in ${holderName}. Nothing was changed. ${remedy}`,
  );
}

/** Such as `pid 4711 (todo-db migrate), role todo, connected since 2026-01-31T12:00:00.000Z`. */
export function describeHolder({ pid, applicationName, role, connectedAt }: LockHolder): string {
  const parts = [
    applicationName === null ? `pid ${pid}` : `pid ${pid} (${applicationName})`,
    role && `role ${role}`,
    connectedAt && `connected since ${connectedAt.toISOString()}`,
  ];
  return parts.filter(Boolean).join(', ');
}
