/** The role and the database behind the URL. */
import type { Pool } from 'pg';

import { SUPERUSER } from './initdb.ts';
import type { Settings } from './settings.ts';

export const APPLICATION = { role: 'todo', database: 'todo' } as const;

/** Makes what is missing of the two, also when it was interrupted before. The role is no superuser, and may make databases and roles: as on Neon. */
export async function ensureApplication(admin: Pool, { password, superuserPassword }: Settings): Promise<void> {
  const { role, database } = APPLICATION;
  const { rows } = await admin.query<{ role: boolean; database: boolean }>(
    `select exists (select from pg_roles where rolname = $1) as role, exists (select from pg_database where datname = $2) as database`,
    [role, database],
  );
  if (!rows[0]?.role) {
    const rights = 'login createdb createrole in role pg_signal_backend';
    // Passwords are letters and digits, by construction: these commands take no parameters. Random as they are, hashing them
    // 4096 times protects nothing, and is most of what a login costs (PostgreSQL 16 and later can be told).
    await admin.query(`
      select set_config(name, '1', true) from pg_settings where name = 'scram_iterations';
      alter role ${SUPERUSER} password '${superuserPassword}';
      create role ${role} ${rights} password '${password}'`);
  }
  if (!rows[0]?.database) await admin.query(`create database ${database} owner ${role}`);
}
