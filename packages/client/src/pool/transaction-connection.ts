/** The statements of one transaction, from BEGIN to COMMIT or ROLLBACK, on one connection. */
import type { QueryResult } from '@neondatabase/serverless';

import { DatabaseError } from '../errors/database-error.ts';
import { readsOnly } from '../errors/reads-only.ts';
import { logged, type QueryLogger } from '../requests/query-log.ts';
import { type Connection, type Statement, textOf } from './connection.ts';

export interface TransactionConnection {
  query(statement: Statement, values?: unknown[]): Promise<QueryResult | undefined>;
  /** From now on statements are rejected: the connection may be somebody else's. */
  end(): void;
}

/**
 * What is lost before COMMIT was never applied, so that only the fate of a COMMIT can be unknown. A ROLLBACK on a connection that is
 * gone succeeds: PostgreSQL rolled back when it went.
 */
export function transactionOn(connection: Connection, logger: QueryLogger | undefined): TransactionConnection {
  let hasWritten = false;
  let hasEnded = false;

  const send = async (statement: Statement, values: unknown[] | undefined) => {
    const text = textOf(statement);
    const isCommit = COMMIT.test(text);
    hasWritten ||= !CONTROL.test(text) && !readsOnly(text);
    const result = await connection.query(statement, values, () => !isCommit || !hasWritten);
    // PostgreSQL's way to say that a transaction in which a statement failed cannot be committed.
    if (isCommit && result.command === 'ROLLBACK') throw rolledBack();
    return result;
  };

  /** Its failure would take the place of the error that led to it. */
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
      if (ROLLBACK.test(text)) return await logged(logger, text, () => rollBack(statement));
      return await logged(logger, text, () => send(statement, values));
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
