/**
 * Holds all roles as they are for a moment: every command that changes one locks `pg_authid` against this lock, and waits until
 * it is gone. So what is read of the roles once is true for all of that moment.
 */
import type { Pool } from 'pg';

export interface RoleLock {
  /** False from the moment on from which a role may have changed. */
  isHeld(): boolean;
}

/** That long a command that changes a role may wait for us. */
export const LOCK_MS = 50;

/** Should this program be stopped meanwhile, others must not wait for it. */
const LOCK = `begin; set local idle_in_transaction_session_timeout = '2s';
  lock table pg_catalog.pg_authid in share mode nowait`;

/** Undefined where they cannot be held: one is being changed right now, or who asks may not hold them. */
export async function lockRoles(admin: Pool): Promise<RoleLock | undefined> {
  const client = await admin.connect();
  let isLost = false;
  const lose = (): void => void (isLost = true);
  client.on('error', lose);
  const letGo = async (): Promise<void> => {
    // A timer may be early, and its clock is another one.
    lose();
    const isBroken = await client.query('rollback').then(
      () => false,
      () => true,
    );
    client.off('error', lose);
    client.release(isBroken);
  };
  // Before the lock is there, so that the clock runs out before it goes.
  const until = performance.now() + LOCK_MS;
  try {
    await client.query(LOCK);
  } catch {
    await letGo();
    return undefined;
  }
  setTimeout(() => void letGo(), LOCK_MS);
  return { isHeld: () => !isLost && performance.now() < until };
}
