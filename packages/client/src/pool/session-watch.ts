/** Tracks changes to a session: an open transaction, a setting, a lock, a temporary table. */
import type { PoolClient } from '@neondatabase/serverless';

export interface SessionWatch {
  /** Call this before a statement is sent. */
  readonly beforeStatement: (statement: string) => void;
  /** Whether the session is in its initial state, according to PostgreSQL's responses so far. */
  readonly isFresh: () => boolean;
  /** Restores the initial state: rolls back an open transaction, and discards everything that outlives a transaction. */
  readonly reset: () => Promise<void>;
}

/** Watches the session of a client. It reads messages that PostgreSQL sends anyway, so an unchanged session costs no extra round trip. */
export function watchSession(client: PoolClient): SessionWatch {
  const { connection } = client as unknown as { readonly connection: DriverConnection };
  // After an error the status is unknown until ReadyForQuery, which PostgreSQL sends right after the error.
  let status: string | undefined = IDLE;
  let isTransactionOnly = false;
  let hasChanged = false;
  connection.on('errorMessage', () => (status = undefined));
  connection.on('readyForQuery', (message) => (status = message.status));
  connection.on('commandComplete', ({ text: tag }) => (hasChanged ||= LASTING_COMMANDS.has(tag) && !isTransactionOnly));
  return {
    beforeStatement(statement) {
      isTransactionOnly = TRANSACTION_SETTING.test(statement);
      hasChanged ||= LASTING_STATEMENT.test(statement);
    },
    isFresh: () => status === IDLE && !hasChanged,
    async reset() {
      if (status === undefined) await new Promise<unknown>((resolve) => connection.once('readyForQuery', resolve));
      if (status !== IDLE) await client.query('rollback');
      if (!hasChanged) return;
      await client.query('discard all');
      // The reset also removes the prepared statements of the driver.
      connection.parsedStatements = {};
      hasChanged = false;
    },
  };
}

/** The driver's connection. The driver's types do not have it. */
interface DriverConnection {
  parsedStatements: Record<string, string>;
  on(event: 'errorMessage', listener: () => void): void;
  on(event: 'readyForQuery', listener: (message: { readonly status: string }) => void): void;
  on(event: 'commandComplete', listener: (message: { readonly text: string }) => void): void;
  once(event: 'readyForQuery', listener: (message: unknown) => void): void;
}

/** ReadyForQuery's status outside a transaction: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const IDLE = 'I';

/** The command tags whose effect outlives a transaction. */
const LASTING_COMMANDS: ReadonlySet<string> = new Set(['SET', 'LISTEN', 'PREPARE', 'DECLARE CURSOR']);

/** A command with the tag `SET` that affects one transaction only. */
const TRANSACTION_SETTING = /^\s*set\s+(?:local|transaction)\b/i;

/** Other statements that change the session. `set_config(…, true)` and the lock functions with `xact` affect one transaction: they do not match. */
const LASTING_STATEMENT =
  /\bset_config\s*\((?![^()]*,\s*true\s*\))|\bpg_(?:try_)?advisory_lock|\b(?:create|into)\s+(?:(?:local|global)\s+)?temp/i;
