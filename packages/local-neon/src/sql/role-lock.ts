/** Locks `pg_authid` for a moment: commands that change a role wait for the lock, so passwords that are read meanwhile stay valid. */
import type { Pool } from 'pg';

export interface RoleLock {
  /** False as soon as a role may have changed. */
  readonly isHeld: () => boolean;
}

/** How long the lock is held. A command that changes a role waits for at most this time. */
export const LOCK_MS = 50;

/** The timeout releases the lock when this program is suspended. */
const LOCK = `begin; set local idle_in_transaction_session_timeout = '2s';
  lock table pg_catalog.pg_authid in share mode nowait`;

/** Takes the lock; undefined when this is not possible: a role is being changed, or the admin's role lacks the privilege. */
export async function lockRoles(admin: Pool): Promise<RoleLock | undefined> {
  const client = await admin.connect();
  let isLost = false;
  const markLost = (): void => void (isLost = true);
  client.on('error', markLost);
  const release = async (): Promise<void> => {
    // setTimeout may fire about 1 ms before performance.now() agrees.
    markLost();
    let isBroken = false;
    await client.query('rollback').catch(() => (isBroken = true));
    client.off('error', markLost);
    client.release(isBroken);
  };
  // Measured before the lock is taken, so that `isHeld` turns false before the lock is released.
  const until = performance.now() + LOCK_MS;
  try {
    await client.query(LOCK);
  } catch {
    await release();
    return undefined;
  }
  setTimeout(() => void release(), LOCK_MS);
  return { isHeld: () => !isLost && performance.now() < until };
}
