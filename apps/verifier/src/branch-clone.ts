/**
 * `--branch`: a clone of a local database, for the length of a run.
 *
 * Each run keeps a session on its clone. A clone that nobody is connected to was left by a run that was killed, and the next
 * one drops it.
 */
import { randomBytes } from 'node:crypto';

import { connectSession, type Session } from '@todo/client';

export interface Clone {
  readonly url: string;
  /** Removes it. */
  readonly close: () => Promise<void>;
}

const PREFIX = 'verify_branch_';
/** Any number that no other program is likely to lock: "tcln" in ASCII. */
const LOCK = 0x74636c6e;

/**
 * Clones the database of a URL, structure and rows. Its user must be allowed to create databases.
 *
 * Throws PostgreSQL's 55006 while somebody else is connected to it.
 */
export async function cloneDatabase(url: string): Promise<Clone> {
  const source = databaseOf(url);
  const name = `${PREFIX}${randomBytes(6).toString('hex')}`;
  const clone = ofDatabase(url, name);
  await using admin = await connectSession(ofDatabase(url, MAINTENANCE));
  // From its making to its first session a clone looks like one that was left.
  await admin.query(`select pg_advisory_lock(${LOCK})`);
  await dropAbandoned(admin);
  await admin.query(`create database ${name} template ${quote(source)}`);
  const keeper = await connectSession(clone);
  return {
    url: clone,
    close: async () => {
      await keeper.close();
      await using last = await connectSession(ofDatabase(url, MAINTENANCE));
      await last.query(`drop database if exists ${name} with (force)`);
    },
  };
}

async function dropAbandoned(admin: Session): Promise<void> {
  const { rows } = await admin.query(
    `select datname as name from pg_database
     where starts_with(datname, '${PREFIX}') and pg_get_userbyid(datdba) = current_user
       and not exists (select from pg_stat_activity where pg_stat_activity.datname = pg_database.datname)`,
  );
  for (const { name } of rows) await admin.query(`drop database if exists ${quote(String(name))}`);
}

/** The database that nobody clones: a session on the source itself would stand in the way. */
export const MAINTENANCE = 'postgres';

export function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url.trim()).pathname.slice(1));
}

export function ofDatabase(url: string, database: string): string {
  const other = new URL(url.trim());
  other.pathname = encodeURIComponent(database);
  return other.href;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
