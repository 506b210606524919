/** Branches, as on Neon: a branch is a database cloned from another one, with a URL of its own. */
import { setTimeout as delay } from 'node:timers/promises';

import { escapeIdentifier } from 'pg';

import { LocalNeonError, reasonOf } from './error.ts';
import { withSession } from './with-session.ts';
import { hasOnlyBranchSessions, describeSessions, endSessions, type Run } from './database-sessions.ts';

export interface Branch {
  readonly name: string;
  readonly url: string;
}

export interface CreateOptions {
  /** "todo" unless given; "template1" makes an empty one. */
  readonly from?: string;
  /** Ends the sessions on `from`. Unless true they are given 5 s to go, for PostgreSQL clones only what stands still. */
  readonly disconnect?: boolean;
}

export interface Branches {
  /**
   * Clones a database, structure and rows.
   *
   * Throws `BRANCH_FAILED` when the name is taken, and while sessions stay on `from`: then the message tells whose.
   */
  create(name: string, options?: CreateOptions): Promise<Branch>;
  /** By name, without those that are marked as templates. */
  list(): Promise<Branch[]>;
  /**
   * Ends its sessions and removes it.
   *
   * Throws `BRANCH_FAILED` when there is none of that name, and for the database of the URL itself, the root of the others.
   */
  delete(name: string): Promise<void>;
}

const OBJECT_IN_USE = '55006';
const INVALID_CATALOG_NAME = '3D000';

/** Two commands that clone each other's maintenance database wait for each other, 5 s at a time, until one of them goes first. */
const CREATE_TIMEOUT_MS = 30_000;
const CREATE_AGAIN_MAX_MS = 500;

/** Databases that every cluster is made with. A session on the branch itself would stand in the way of cloning or removing it. */
const MAINTENANCE_DATABASES = ['postgres', 'template1'] as const;

/**
 * The branches of the server behind a URL, under the rights of its role. `evict` is asked to end the sessions that wait on a
 * database for their next request; unless given, they end by themselves after 2 s.
 */
export function branchesOf(
  url: string,
  evict: (database: string) => Promise<void> | undefined = () => undefined,
): Branches {
  const toBranch = (name: string): Branch => ({ name, url: urlOf(url, name) });
  const root = decodeURIComponent(new URL(url).pathname.slice(1));
  const runBeside =
    (branch?: string): Run =>
    (text, values) =>
      besides(branch, (database) =>
        withSession(urlOf(url, database), async (client) => (await client.query(text, values)).rows),
      );

  return {
    async create(name, { from = root, disconnect = false } = {}) {
      const run = runBeside(from);
      const text = `create database ${escapeIdentifier(name)} template ${escapeIdentifier(from)}`;
      const deadline = Date.now() + CREATE_TIMEOUT_MS;
      for (;;) {
        await evict(from);
        let isDone = false;
        const created = run(text).finally(() => (isDone = true));
        // While it waits for those that are there, PostgreSQL lets no new ones in.
        const ended = disconnect ? endSessions(run, from, () => isDone) : undefined;
        try {
          await Promise.all([created, ended]);
          return toBranch(name);
        } catch (error) {
          if ((error as { code?: string }).code !== OBJECT_IN_USE) throw failure(text, error);
          const mayGoFirst = Date.now() < deadline && (await hasOnlyBranchSessions(run, from));
          if (!mayGoFirst) throw failure(text, error, await remedyFor(run, from));
        }
        await delay(Math.random() * CREATE_AGAIN_MAX_MS);
      }
    },
    async list() {
      const text = `select datname as name from pg_database
        where pg_get_userbyid(datdba) = current_user and not datistemplate order by datname`;
      const rows = await runBeside()(text).catch(fail('branches cannot be listed'));
      return rows.map((row) => toBranch(String(row.name)));
    },
    async delete(name) {
      if (name === root) {
        throw new LocalNeonError('BRANCH_FAILED', `"${name}" is not deleted: it is the branch that the URL names.`);
      }
      const text = `drop database ${escapeIdentifier(name)} with (force)`;
      await runBeside(name)(text).catch(fail(text));
    },
  };
}

/** Works in a maintenance database that is not the one named; one that was dropped is passed over. */
async function besides<T>(branch: string | undefined, work: (database: string) => Promise<T>): Promise<T> {
  const [first = 'template1', second] = MAINTENANCE_DATABASES.filter((database) => database !== branch);
  return work(first).catch((error: unknown) => {
    const isMissing = (error as { code?: string }).code === INVALID_CATALOG_NAME;
    if (second !== undefined && isMissing) return work(second);
    throw error;
  });
}

async function remedyFor(run: Run, from: string): Promise<string> {
  return `On it: ${await describeSessions(run, from)}. Close them, or have them ended (--disconnect, or disconnect: true).`;
}

/** Of another database on the same server. */
export function urlOf(url: string, database: string): string {
  const branch = new URL(url);
  branch.pathname = encodeURIComponent(database);
  return branch.href;
}

function fail(what: string): (cause: unknown) => never {
  return (cause) => {
    throw failure(what, cause);
  };
}

function failure(what: string, cause: unknown, remedy = ''): LocalNeonError {
  const { detail = '' } = cause as { detail?: string };
  const message = [`${what}: ${reasonOf(cause)}`, detail.replace(/\.$/, ''), remedy].filter(Boolean).join('. ');
  return new LocalNeonError('BRANCH_FAILED', message, { cause });
}
