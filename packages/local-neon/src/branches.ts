/** Branches, as on Neon: a branch is a database cloned from another one, with a URL of its own. */
import { escapeIdentifier } from 'pg';

import { LocalNeonError, reasonOf } from './error.ts';
import { inSession } from './in-session.ts';

export interface Branch {
  readonly name: string;
  readonly url: string;
}

export interface Branches {
  /**
   * Clones a database, structure and rows.
   *
   * `from` is "todo" unless given; "template1" makes an empty one. Throws `BRANCH_FAILED` when the name is taken, or while
   * others are connected to `from`: PostgreSQL clones only what stands still.
   */
  create(name: string, options?: { readonly from?: string }): Promise<Branch>;
  /** By name. */
  list(): Promise<Branch[]>;
  /**
   * Ends its sessions and removes it.
   *
   * Throws `BRANCH_FAILED` when there is none of that name, and for the database of the URL itself, the root of the others.
   */
  delete(name: string): Promise<void>;
}

/** The branches of the server behind a URL, under the rights of its role. */
export function branchesOf(url: string): Branches {
  const toBranch = (name: string): Branch => ({ name, url: urlOf(url, name) });
  const root = decodeURIComponent(new URL(url).pathname.slice(1));
  return {
    async create(name, { from } = {}) {
      const template = from ?? root;
      await run(url, `create database ${escapeIdentifier(name)} template ${escapeIdentifier(template)}`);
      return toBranch(name);
    },
    async list() {
      const rows = await run(
        url,
        `select datname as name from pg_database where pg_get_userbyid(datdba) = current_user order by datname`,
      );
      return rows.map(({ name }) => toBranch(String(name)));
    },
    async delete(name) {
      if (name === root) {
        throw new LocalNeonError('BRANCH_FAILED', `"${name}" is not deleted: it is the branch that the URL names.`);
      }
      await run(url, `drop database ${escapeIdentifier(name)} with (force)`);
    },
  };
}

function urlOf(url: string, database: string): string {
  const branch = new URL(url);
  branch.pathname = encodeURIComponent(database);
  return branch.href;
}

/** From `postgres`, the database that nobody clones: a session on the branch itself would stand in the way. */
async function run(url: string, text: string): Promise<Record<string, unknown>[]> {
  try {
    const { rows } = await inSession(urlOf(url, 'postgres'), (client) => client.query<Record<string, unknown>>(text));
    return rows;
  } catch (error) {
    const { detail } = error as { detail?: string };
    throw new LocalNeonError('BRANCH_FAILED', [`${text}: ${reasonOf(error)}`, detail].filter(Boolean).join('. '), {
      cause: error,
    });
  }
}
