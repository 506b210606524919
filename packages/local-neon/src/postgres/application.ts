/** Creates the role and the database of the URL. */
import type { Pool } from 'pg';

import { SUPERUSER } from './initdb.ts';
import type { Settings } from './settings.ts';

export const APPLICATION = { role: 'todo', database: 'todo' } as const;

/**
 * Creates the role and the database unless they exist. As on Neon, the role may create databases and roles, but is no
 * superuser. With the role, sets the superuser's password again: initdb stored it with 4096 SCRAM iterations, which would
 * take most of the time of each login. One iteration is enough for random passwords.
 */
export async function ensureApplication(admin: Pool, { password, superuserPassword }: Settings): Promise<void> {
  const { role, database } = APPLICATION;
  const { rows } = await admin.query<{ role: boolean; database: boolean }>(
    `select exists (select from pg_roles where rolname = $1) as role, exists (select from pg_database where datname = $2) as database`,
    [role, database],
  );
  if (!rows[0]?.role) {
    // A member of pg_signal_backend may end sessions of other roles, for example before it clones their database.
    const attributes = 'login createdb createrole in role pg_signal_backend';
    // These commands take no parameters; the passwords contain letters and digits only. The first command changes nothing
    // on PostgreSQL 15, which does not have the setting.
    await admin.query(`
      select set_config(name, '1', true) from pg_settings where name = 'scram_iterations';
      alter role ${SUPERUSER} password '${superuserPassword}';
      create role ${role} ${attributes} password '${password}'`);
  }
  if (!rows[0]?.database) await admin.query(`create database ${database} owner ${role}`);
}
