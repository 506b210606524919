/** Runs the statements of one transaction, from BEGIN to COMMIT or ROLLBACK, on one connection. */
import type { QueryResult } from '@neondatabase/serverless';

import { DatabaseError } from '../errors/database-error.ts';
import { isReadOnly } from '../errors/reads-only.ts';
import { observe } from '../requests/observer.ts';
import { runAndLog, type QueryLogger } from '../requests/query-log.ts';
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
 * Runs the statements of a transaction on a connection. A transaction that is lost before COMMIT was never applied, so only the outcome of
 * a COMMIT can be unknown. A ROLLBACK on a lost connection succeeds: PostgreSQL rolls back when the connection ends.
 */
export function createTransactionConnection(
  connection: Connection,
  { url, logger, comment }: TransactionWiring,
): TransactionConnection {
  let hasWritten = false;
  let hasEnded = false;

  const send = async (statement: Statement, values: unknown[] | undefined) => {
    const text = textOf(statement);
    const isCommit = COMMIT.test(text);
    hasWritten ||= !CONTROL.test(text) && !isReadOnly(text);
    const result = await connection.query(statement, values, () => !isCommit || !hasWritten, comment);
    // PostgreSQL responds to a COMMIT with ROLLBACK when a statement of the transaction failed.
    if (isCommit && result.command === 'ROLLBACK') throw rolledBackError();
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
      if (hasEnded) throw transactionEndedError();
      const text = textOf(statement);
      const run = () => (ROLLBACK.test(text) ? rollBack(statement) : send(statement, values));
      return await observe('query', url, [text], () => runAndLog(logger, text, run));
    },
    end() {
      hasEnded = true;
    },
  };
}

/** Statements that end a transaction, and statements that write nothing themselves. */
const COMMIT = /^\s*(?:commit|end)\b/i;
const ROLLBACK = /^\s*rollback\b/i;
const CONTROL = /^\s*(?:begin|start|commit|end|rollback|savepoint|release|set)\b/i;

function rolledBackError(): DatabaseError {
  return new DatabaseError(
    'refused',
    'The transaction was rolled back, because a statement in it failed and its error was caught. Do not catch the error, or put the' +
      ' statement into a nested transaction: `tx.transaction(…)`.',
    // in_failed_sql_transaction
    { code: '25P02' },
  );
}

function transactionEndedError(): DatabaseError {
  const message =
    'The statement was not sent: its transaction has ended. Await every statement inside the function of the transaction.';
  return new DatabaseError('refused', message);
}
