/** What a statement leaves in its session for whoever gets it next: an open transaction, a setting, a lock, a temporary table. */
import type { PoolClient } from '@neondatabase/serverless';

export interface SessionWatch {
  /** To be called before a statement is sent. */
  readonly note: (statement: string) => void;
  /** Whether the session is as a new one would be, as far as PostgreSQL has answered. */
  readonly isFresh: () => boolean;
  /** Makes it so: an open transaction is rolled back, and what outlives a transaction is discarded. */
  readonly reset: () => Promise<void>;
}

/** Watches what PostgreSQL says anyway, so that a session in which nothing was left costs no round trip. */
export function watchSession(client: PoolClient): SessionWatch {
  const { connection } = client as unknown as { readonly connection: Wire };
  // After an error it is unknown until PostgreSQL is ready again, which it says right after it.
  let status: string | undefined = IDLE;
  let isLocal = false;
  let hasChanged = false;
  connection.on('errorMessage', () => (status = undefined));
  connection.on('readyForQuery', (message) => ({ status } = message));
  connection.on('commandComplete', ({ text: tag }) => (hasChanged ||= LASTING_COMMANDS.has(tag) && !isLocal));
  return {
    note(statement) {
      isLocal = LOCAL.test(statement);
      hasChanged ||= LASTING.test(statement);
    },
    isFresh: () => status === IDLE && !hasChanged,
    async reset() {
      if (status === undefined) await new Promise<unknown>((resolve) => connection.once('readyForQuery', resolve));
      if (status !== IDLE) await client.query('rollback');
      if (!hasChanged) return;
      await client.query('discard all');
      // Those that the driver has prepared are gone as well.
      connection.parsedStatements = {};
      hasChanged = false;
    },
  };
}

/** The driver's connection, which is missing from its types. */
interface Wire {
  parsedStatements: Record<string, string>;
  on(event: 'errorMessage', listener: () => void): void;
  on(event: 'readyForQuery', listener: (message: { readonly status: string }) => void): void;
  on(event: 'commandComplete', listener: (message: { readonly text: string }) => void): void;
  once(event: 'readyForQuery', listener: (message: unknown) => void): void;
}

/** ReadyForQuery's status outside a transaction: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const IDLE = 'I';

/** The tags of commands whose effect outlives a transaction. */
const LASTING_COMMANDS: ReadonlySet<string> = new Set(['SET', 'LISTEN', 'PREPARE', 'DECLARE CURSOR']);

/** `SET` as well, for a transaction alone. */
const LOCAL = /^\s*set\s+(?:local|transaction)\b/i;

/** Statements with another tag: `set_config(…, true)` is for a transaction alone, and so are the locks with `xact` in their names. */
const LASTING =
  /\bset_config\s*\((?![^()]*,\s*true\s*\))|\bpg_(?:try_)?advisory_lock|\b(?:create|into)\s+(?:(?:local|global)\s+)?temp/i;
