/**
 * The stored passwords (`pg_authid`) of roles, as they are at every request. Those that are asked for while a read is under way
 * share the next one; and where requests follow each other closely on a server of our own, roles are held as they are for a moment, and one read
 * serves for all of it. Either way an answer is never older than its question.
 */
import { randomUUID } from 'node:crypto';

import type { Pool } from 'pg';

import { LOCK_MS, lockRoles, type RoleLock } from './role-lock.ts';

export interface StoredPasswords {
  /** At once while roles are held. */
  read(role: string): StoredPassword | Promise<StoredPassword>;
}

export interface StoredPassword {
  /** The oid: a role that was dropped and made anew is another one. Null when there is none, or who asks may not know. */
  readonly roleId: number | null;
  /** Null for a role that may not log in, or does not exist. */
  readonly verifier: string | null;
}

interface Question {
  readonly role: string;
  readonly resolve: (stored: StoredPassword) => void;
  readonly reject: (error: unknown) => void;
}

/** Where roles cannot be held now, they can hardly be a moment later. */
const LOCK_RETRY_MS = 1000;
const INSUFFICIENT_PRIVILEGE = '42501';

export function createStoredPasswords(admin: Pool, { mayLockRoles }: { mayLockRoles: boolean }): StoredPasswords {
  const questions: Question[] = [];
  let isReading = false;
  let askedAt = -Infinity;
  let isBusy = false;
  let hold: RoleLock | undefined;
  let holdAgainAt = -Infinity;
  /** While the hold lasts. */
  let known = new Map<string, StoredPassword>();

  const holdWhenBusy = async (): Promise<void> => {
    if (hold?.isHeld()) return;
    known = new Map();
    hold = undefined;
    if (!mayLockRoles || !isBusy || performance.now() < holdAgainAt) return;
    hold = await lockRoles(admin);
    if (!hold) holdAgainAt = performance.now() + LOCK_RETRY_MS;
  };
  const answer = async (asked: readonly Question[]): Promise<void> => {
    try {
      await holdWhenBusy();
      const found = await readStored(admin, [...new Set(asked.map(({ role }) => role))]);
      for (const { role, resolve } of asked) {
        const stored = found.get(role) ?? { roleId: null, verifier: null };
        known.set(role, stored);
        resolve(stored);
      }
    } catch (error) {
      const mayNotRead = (error as { code?: string }).code === INSUFFICIENT_PRIVILEGE;
      for (const { resolve, reject } of asked) {
        // Equal to no other: every request logs in anew.
        if (mayNotRead) resolve({ roleId: null, verifier: randomUUID() });
        else reject(error);
      }
    }
  };
  const answerAll = async (): Promise<void> => {
    isReading = true;
    while (questions.length > 0) await answer(questions.splice(0));
    isReading = false;
  };

  return {
    read: (role) => {
      const now = performance.now();
      isBusy = now - askedAt < LOCK_MS;
      askedAt = now;
      const stored = hold?.isHeld() ? known.get(role) : undefined;
      if (stored) return stored;
      return new Promise((resolve, reject) => {
        questions.push({ role, resolve, reject });
        if (!isReading) void answerAll();
      });
    },
  };
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
