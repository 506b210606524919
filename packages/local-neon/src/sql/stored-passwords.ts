/**
 * Reads the stored passwords (`pg_authid`) of roles, as they are at each request. Requests that arrive while a read is
 * running share the next read. When requests follow each other closely on a server that we started, `pg_authid` is
 * locked for a moment, and one read serves all requests of that moment. So a request never gets a password that changed
 * before the request arrived.
 */
import { randomUUID } from 'node:crypto';

import type { Pool } from 'pg';

import { LOCK_MS, lockRoles, type RoleLock } from './role-lock.ts';

/** Returns a promise unless the password was read under a lock that is still held. */
export type ReadStoredPassword = (role: string) => StoredPassword | Promise<StoredPassword>;

export interface StoredPassword {
  /** The oid, which changes when a role is created again. Null for an unknown role, and without the privilege. */
  readonly roleId: number | null;
  /** Null for a role that does not exist or may not log in. */
  readonly verifier: string | null;
}

interface PendingRead {
  readonly role: string;
  readonly resolve: (stored: StoredPassword) => void;
  readonly reject: (error: unknown) => void;
}

interface ReaderState {
  readonly admin: Pool;
  readonly mayLockRoles: boolean;
  readonly pending: PendingRead[];
  isReading: boolean;
  lastRequestAt: number;
  /** Whether the last two requests followed each other closely. */
  isBusy: boolean;
  lock: RoleLock | undefined;
  /** No lock is tried before this time. */
  nextLockAt: number;
  /** The passwords that were read last, by role. Used only while the lock is held, under which they were read. */
  lastPasswords: Map<string, StoredPassword>;
}

/** The time between a lock that failed and the next try, which would most likely fail too if it came earlier. */
const LOCK_RETRY_MS = 1000;
const INSUFFICIENT_PRIVILEGE = '42501';

export function createStoredPasswords(admin: Pool, { mayLockRoles }: { mayLockRoles: boolean }): ReadStoredPassword {
  const state: ReaderState = {
    admin,
    mayLockRoles,
    pending: [],
    isReading: false,
    lastRequestAt: -Infinity,
    isBusy: false,
    lock: undefined,
    nextLockAt: -Infinity,
    lastPasswords: new Map(),
  };
  return (role) => readOrReuse(state, role);
}

/** The stored password of a role: as read under the lock that is still held, or read now. */
function readOrReuse(state: ReaderState, role: string): StoredPassword | Promise<StoredPassword> {
  const now = performance.now();
  state.isBusy = now - state.lastRequestAt < LOCK_MS;
  state.lastRequestAt = now;
  const stored = state.lock?.isHeld() ? state.lastPasswords.get(role) : undefined;
  if (stored) return stored;
  return new Promise((resolve, reject) => {
    state.pending.push({ role, resolve, reject });
    if (!state.isReading) void readAllPending(state);
  });
}

async function readAllPending(state: ReaderState): Promise<void> {
  state.isReading = true;
  while (state.pending.length > 0) await readRoles(state, state.pending.splice(0));
  state.isReading = false;
}

/** Reads the passwords of several requests with one query. */
async function readRoles(state: ReaderState, reads: readonly PendingRead[]): Promise<void> {
  try {
    await lockWhenBusy(state);
    const found = await readStored(state.admin, [...new Set(reads.map(({ role }) => role))]);
    for (const { role, resolve } of reads) {
      const stored = found.get(role) ?? { roleId: null, verifier: null };
      state.lastPasswords.set(role, stored);
      resolve(stored);
    }
  } catch (error) {
    const lacksPrivilege = (error as { code?: string }).code === INSUFFICIENT_PRIVILEGE;
    for (const { resolve, reject } of reads) {
      // With a unique verifier no session matches, so every request logs in.
      if (lacksPrivilege) resolve({ roleId: null, verifier: randomUUID() });
      else reject(error);
    }
  }
}

/** Locks `pg_authid` when requests follow each other closely and the lock is not held. */
async function lockWhenBusy(state: ReaderState): Promise<void> {
  if (state.lock?.isHeld()) return;
  state.lastPasswords = new Map();
  state.lock = undefined;
  if (!state.mayLockRoles || !state.isBusy || performance.now() < state.nextLockAt) return;
  state.lock = await lockRoles(state.admin);
  if (!state.lock) state.nextLockAt = performance.now() + LOCK_RETRY_MS;
}

async function readStored(admin: Pool, roles: string[]): Promise<Map<string, StoredPassword>> {
  const { rows } = await admin.query<StoredPassword & { role: string }>({
    name: 'stored passwords',
    text: `select rolname as role, oid as "roleId",
      case when rolcanlogin and (rolvaliduntil is null or rolvaliduntil > now()) then rolpassword end as verifier
      from pg_authid where rolname = any($1)`,
    values: [roles],
  });
  return new Map(rows.map(({ role, ...stored }) => [role, stored]));
}
