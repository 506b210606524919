/**
 * The stored passwords (`pg_authid`) of roles, read anew for every request. Those that are asked for while a read is under way
 * share the next one: each answer is from after its question, and a busy server asks PostgreSQL once for many.
 */
import { randomUUID } from 'node:crypto';

import type { Pool } from 'pg';

export interface StoredPasswords {
  /** Null for a role that may not log in, or does not exist. */
  read(role: string): Promise<string | null>;
}

interface Question {
  readonly role: string;
  readonly resolve: (verifier: string | null) => void;
  readonly reject: (error: unknown) => void;
}

const INSUFFICIENT_PRIVILEGE = '42501';

export function createStoredPasswords(admin: Pool): StoredPasswords {
  let questions: Question[] = [];
  let isReading = false;

  const answerAll = async (): Promise<void> => {
    isReading = true;
    while (questions.length > 0) {
      const asked = questions;
      questions = [];
      try {
        const verifiers = await readVerifiers(admin, [...new Set(asked.map(({ role }) => role))]);
        for (const { role, resolve } of asked) resolve(verifiers.get(role) ?? null);
      } catch (error) {
        const mayNotRead = (error as { code?: string }).code === INSUFFICIENT_PRIVILEGE;
        for (const { resolve, reject } of asked) {
          // Equal to no other: every request logs in anew.
          if (mayNotRead) resolve(randomUUID());
          else reject(error);
        }
      }
    }
    isReading = false;
  };

  return {
    read: (role) =>
      new Promise((resolve, reject) => {
        questions.push({ role, resolve, reject });
        if (!isReading) void answerAll();
      }),
  };
}

async function readVerifiers(admin: Pool, roles: string[]): Promise<Map<string, string | null>> {
  const { rows } = await admin.query<{ role: string; verifier: string | null }>({
    name: 'verifiers',
    text: `select rolname as role,
      case when rolcanlogin and (rolvaliduntil is null or rolvaliduntil > now()) then rolpassword end as verifier
      from pg_authid where rolname = any($1)`,
    values: [roles],
  });
  return new Map(rows.map(({ role, verifier }) => [role, verifier]));
}
