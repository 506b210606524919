/** The role and the database behind the URL. */
import type { Pool } from 'pg';

export const APPLICATION = { role: 'todo', database: 'todo' } as const;

/** Makes what is missing of the two, also when it was interrupted before. The role is no superuser, and may make databases and roles: as on Neon. */
export async function ensureApplication(admin: Pool, password: string): Promise<void> {
  const { role, database } = APPLICATION;
  const { rows } = await admin.query<{ role: boolean; database: boolean }>(
    `select exists (select from pg_roles where rolname = $1) as role, exists (select from pg_database where datname = $2) as database`,
    [role, database],
  );
  // The password is letters and digits, by construction: CREATE ROLE takes no parameters.
  if (!rows[0]?.role) {
    const rights = 'login createdb createrole in role pg_signal_backend';
    await admin.query(`create role ${role} ${rights} password '${password}'`);
  }
  if (!rows[0]?.database) await admin.query(`create database ${database} owner ${role}`);
}
