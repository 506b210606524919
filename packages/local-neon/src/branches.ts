/** Creates, lists and deletes branches, as on Neon: a branch is a clone of a database, with a URL of its own. */
import { setTimeout as delay } from 'node:timers/promises';

import { escapeIdentifier } from 'pg';

import { describeSessions, endSessions, hasOnlyBranchSessions, type Run } from './database-sessions.ts';
import { LocalNeonError, reasonOf } from './error.ts';
import { databaseOf, withDatabase } from './postgres-url.ts';
import { withSession } from './with-session.ts';

export interface Branch {
  readonly name: string;
  readonly url: string;
}

export interface CreateOptions {
  /** The branch to clone. Default: the database that the server's URL names, such as "todo". "template1" is empty. */
  readonly from?: string | undefined;
  /** Ends the sessions on `from`, which prevent the clone. By default they have 5 s to end. */
  readonly disconnect?: boolean | undefined;
}

export interface Branches {
  /**
   * Clones a database, structure and rows.
   *
   * Throws `BRANCH_FAILED` when the name is taken, and when `from` still has sessions, which the message lists.
   */
  create(name: string, options?: CreateOptions): Promise<Branch>;
  /** Lists the branches in the order of their names. A database that is marked as a template is no branch. */
  list(): Promise<Branch[]>;
  /**
   * Ends the sessions of a branch and removes it.
   *
   * Throws `BRANCH_FAILED` for an unknown name, and for the database that the URL of the server names.
   */
  delete(name: string): Promise<void>;
}

/** Ends the idle sessions on a database. */
type Evict = (database: string) => Promise<void> | undefined;

const OBJECT_IN_USE = '55006';
const INVALID_CATALOG_NAME = '3D000';

/** Long: two commands can each have a session on the database that the other clones. PostgreSQL then blocks each for 5 s at a time. */
const CREATE_TIMEOUT_MS = 30_000;
const CREATE_RETRY_MAX_MS = 500;

/** Commands connect to one of these, because a session on the branch itself prevents a clone or a drop. */
const MAINTENANCE_DATABASES = ['postgres', 'template1'] as const;

/** The branches of the server at a URL. Without `evict`, idle sessions end after 2 s. */
export function branchesOf(url: string, evict: Evict = () => undefined): Branches {
  const toBranch = (name: string): Branch => ({ name, url: withDatabase(url, name) });
  const urlDatabase = databaseOf(url);
  return {
    create: async (name, { from = urlDatabase, disconnect = false } = {}) => {
      await clone(runOutside(url, from), evict, name, { from, disconnect });
      return toBranch(name);
    },
    list: async () => {
      const text = `select datname as name from pg_database
        where pg_get_userbyid(datdba) = current_user and not datistemplate order by datname`;
      const rows = await runOutside(url)(text).catch(rethrowAsBranchError('The branches could not be listed'));
      return rows.map((row) => toBranch(String(row.name)));
    },
    delete: async (name) => {
      if (name === urlDatabase) {
        const message = `The branch "${name}" is not deleted: the URL of the server names it, and other branches are cloned from it.`;
        throw new LocalNeonError('BRANCH_FAILED', message);
      }
      const text = `drop database ${escapeIdentifier(name)} with (force)`;
      await runOutside(url, name)(text).catch(rethrowAsBranchError(`The branch "${name}" could not be deleted`));
    },
  };
}

/** Clones a database. Retries while only branch commands have sessions on `from`. */
async function clone(
  run: Run,
  evict: Evict,
  name: string,
  { from, disconnect }: { from: string; disconnect: boolean },
): Promise<void> {
  const text = `create database ${escapeIdentifier(name)} template ${escapeIdentifier(from)}`;
  const failed = `The branch "${name}" could not be cloned from "${from}"`;
  const deadline = Date.now() + CREATE_TIMEOUT_MS;
  for (;;) {
    await evict(from);
    let isDone = false;
    const created = run(text).finally(() => (isDone = true));
    // While PostgreSQL waits for the sessions to end, it accepts no new ones.
    const ended = disconnect ? endSessions(run, from, () => isDone) : undefined;
    try {
      await Promise.all([created, ended]);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== OBJECT_IN_USE) throw branchError(failed, error);
      const mayRetry = Date.now() < deadline && (await hasOnlyBranchSessions(run, from));
      if (!mayRetry) {
        const sessions = await describeSessions(run, from);
        throw branchError(
          failed,
          error,
          `Sessions on "${from}": ${sessions}. Close them, or end them with --disconnect (disconnect: true).`,
        );
      }
    }
    await delay(Math.random() * CREATE_RETRY_MAX_MS);
  }
}

/** Runs statements in a maintenance database other than `branch`, skipping one that was dropped. */
function runOutside(url: string, branch?: string): Run {
  const [first = 'template1', second] = MAINTENANCE_DATABASES.filter((database) => database !== branch);
  const runIn =
    (database: string): Run =>
    (text, values) =>
      withSession(withDatabase(url, database), async (client) => (await client.query(text, values)).rows);
  return (text, values) =>
    runIn(first)(text, values).catch((error: unknown) => {
      const isMissing = (error as { code?: string }).code === INVALID_CATALOG_NAME;
      if (second !== undefined && isMissing) return runIn(second)(text, values);
      throw error;
    });
}

function rethrowAsBranchError(failed: string): (cause: unknown) => never {
  return (cause) => {
    throw branchError(failed, cause);
  };
}

/** `failed` says what failed, such as `The branches could not be listed`. */
function branchError(failed: string, cause: unknown, remedy = ''): LocalNeonError {
  const { detail = '' } = cause as { detail?: string };
  const message = [`${failed}: ${reasonOf(cause)}`, detail.replace(/\.$/, ''), remedy].filter(Boolean).join('. ');
  return new LocalNeonError('BRANCH_FAILED', message, { cause });
}
