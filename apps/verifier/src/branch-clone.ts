/**
 * `--branch`: clones a local database for the duration of a run.
 *
 * Each run keeps a session on its clone. A clone without a session was left by a killed run, and the next run drops it.
 */
import { randomBytes } from 'node:crypto';

import { connectSession, type Session } from '@todo/client';
import { quoted } from '@todo/migrator/catalog';

import { databaseName, replaceDatabase, type OpenDatabase } from './database-url.ts';

const PREFIX = 'verify_branch_';
/** The number of the advisory lock: "tcln" in ASCII, which other programs are unlikely to use. */
const LOCK_NUMBER = 0x74636c6e;

/**
 * Clones the database of a URL with its schema and rows. The role needs CREATEDB. `close` drops the clone.
 *
 * @throws SQLSTATE 55006 (object_in_use) while another session is connected to the database.
 */
export async function cloneDatabase(url: string): Promise<OpenDatabase> {
  const source = databaseName(url);
  const name = `${PREFIX}${randomBytes(6).toString('hex')}`;
  const clone = replaceDatabase(url, name);
  await using admin = await connectSession(replaceDatabase(url, MAINTENANCE_DATABASE));
  // Until its first session, a new clone looks abandoned, and another run would drop it. Closing `admin` releases the lock.
  await admin.query(`select pg_advisory_lock(${LOCK_NUMBER})`);
  await dropAbandoned(admin);
  await admin.query(`create database ${name} template ${quoted(source)}`);
  const cloneSession = await connectSession(clone);
  return {
    url: clone,
    close: async () => {
      await cloneSession.close();
      await using dropper = await connectSession(replaceDatabase(url, MAINTENANCE_DATABASE));
      await dropper.query(`drop database if exists ${name} with (force)`);
    },
  };
}

/** Drops the clones of runs that were killed. */
async function dropAbandoned(admin: Session): Promise<void> {
  const { rows } = await admin.query(
    `select datname as name from pg_database
     where starts_with(datname, '${PREFIX}') and pg_get_userbyid(datdba) = current_user
       and not exists (select from pg_stat_activity where pg_stat_activity.datname = pg_database.datname)`,
  );
  for (const { name } of rows) await admin.query(`drop database if exists ${quoted(String(name))}`);
}

/** The database to connect to while cloning: PostgreSQL does not clone a database that has sessions. */
export const MAINTENANCE_DATABASE = 'postgres';
