/** Runs the statements of one transaction, from BEGIN to COMMIT or ROLLBACK, on one connection. */
import type { QueryResult } from '@neondatabase/serverless';

import { DatabaseError } from '../errors/database-error.ts';
import { readsOnly } from '../errors/reads-only.ts';
import { observed } from '../requests/observer.ts';
import { logged, type QueryLogger } from '../requests/query-log.ts';
import type { StatementComment } from '../requests/statement-comment.ts';
import { type Connection, type Statement, textOf } from './connection.ts';

export interface TransactionConnection {
  query(statement: Statement, values?: unknown[]): Promise<QueryResult | undefined>;
  /** Rejects all later statements: the connection may belong to another lease by then. */
  end(): void;
}

interface TransactionWiring {
  readonly url: URL | undefined;
  readonly logger: QueryLogger | undefined;
  readonly comment: StatementComment | undefined;
}

/**
 * A transaction that is lost before COMMIT was never applied, so only the outcome of a COMMIT can be unknown. A ROLLBACK on a lost
 * connection succeeds: PostgreSQL rolls back when the connection ends.
 */
export function transactionOn(
  connection: Connection,
  { url, logger, comment }: TransactionWiring,
): TransactionConnection {
  let hasWritten = false;
  let hasEnded = false;

  const send = async (statement: Statement, values: unknown[] | undefined) => {
    const text = textOf(statement);
    const isCommit = COMMIT.test(text);
    hasWritten ||= !CONTROL.test(text) && !readsOnly(text);
    const result = await connection.query(statement, values, () => !isCommit || !hasWritten, comment);
    // PostgreSQL answers a COMMIT with ROLLBACK when a statement of the transaction failed.
    if (isCommit && result.command === 'ROLLBACK') throw rolledBack();
    return result;
  };

  /** A failed ROLLBACK must not replace the error that caused it. */
  const rollBack = async (statement: Statement) => {
    if (connection.isBroken) return undefined;
    try {
      return await send(statement, undefined);
    } catch (error) {
      if (!connection.isBroken) throw error;
      return undefined;
    }
  };

  return {
    async query(statement, values) {
      if (hasEnded) throw alreadyEnded();
      const text = textOf(statement);
      const run = () => (ROLLBACK.test(text) ? rollBack(statement) : send(statement, values));
      return await observed('query', url, [text], () => logged(logger, text, run));
    },
    end() {
      hasEnded = true;
    },
  };
}

const COMMIT = /^\s*(?:commit|end)\b/i;
const ROLLBACK = /^\s*rollback\b/i;
const CONTROL = /^\s*(?:begin|start|commit|end|rollback|savepoint|release|set)\b/i;

function rolledBack(): DatabaseError {
  return new DatabaseError(
    'refused',
    'The transaction was rolled back, because a statement in it failed and its error was caught. Let the error out, or put what' +
      ' may fail into a transaction of its own inside: `tx.transaction(…)`.',
    // in_failed_sql_transaction
    { code: '25P02' },
  );
}

function alreadyEnded(): DatabaseError {
  return new DatabaseError('refused', 'The transaction has ended: await every statement inside its function.');
}
