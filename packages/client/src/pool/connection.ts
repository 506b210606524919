/** One leased connection. Its queries reject with a `DatabaseError`, and `isBroken` tells whether it can be used again. */
import type { PoolClient, QueryConfig, QueryResult } from '@neondatabase/serverless';

import { DatabaseError } from '../errors/database-error.ts';
import { refuseCopyData } from '../requests/copy-data.ts';
import { limitParameters } from '../requests/parameter-limit.ts';
import { addComment, type StatementComment } from '../requests/statement-comment.ts';
import type { Translate } from '../errors/to-database-error.ts';
import type { SessionWatch } from './session-watch.ts';

export interface Connection {
  /** @param isHarmless Whether the statement would have changed nothing if it ran and its response was lost. */
  query(
    statement: Statement,
    values: unknown[] | undefined,
    isHarmless: () => boolean,
    comment?: StatementComment,
  ): Promise<QueryResult>;
  /** Whether the connection cannot be used again: it is closed, or a statement still runs on it. */
  readonly isBroken: boolean;
}

/** A statement as Drizzle passes it to the driver. */
export type Statement = string | QueryConfig;

/** The SQL text of the statement. */
export function textOf(statement: Statement): string {
  return typeof statement === 'string' ? statement : statement.text;
}

/** The statement with its comment, unless it is a named prepared statement. */
function addStatementComment(statement: Statement, comment: StatementComment | undefined): Statement {
  if (typeof statement === 'string') return addComment(statement, comment);
  return statement.name === undefined ? { ...statement, text: addComment(statement.text, comment) } : statement;
}

export function createConnection(
  client: PoolClient,
  translate: Translate,
  beforeStatement: SessionWatch['beforeStatement'],
): Connection {
  let isBroken = false;
  return {
    get isBroken() {
      return isBroken;
    },
    async query(statement, values, isHarmless, comment) {
      refuseCopyData(textOf(statement));
      limitParameters(values?.length ?? 0);
      beforeStatement(textOf(statement));
      let isStarting = !hasStarted(client);
      try {
        // A write must not be the first statement that is sent: see `hasStarted`.
        if (isStarting && !isHarmless()) {
          await client.query('');
          isStarting = false;
        }
        return await client.query(addStatementComment(statement, comment), values);
      } catch (error) {
        const isUnconfirmed = isStarting && !hasStarted(client);
        const failure = isUnconfirmed
          ? sessionStartError(translate(error, true))
          : translate(error, isStarting || isHarmless());
        // Without a `DatabaseError`, the driver could not serialize a value, and is stuck.
        isBroken ||= failure === undefined || !canReuseAfter(failure);
        throw failure ?? error;
      }
    },
  };
}

/** Whether the connection accepts the next statement after this error. */
function canReuseAfter({ kind, code }: DatabaseError): boolean {
  // lock_not_available and query_canceled. Other timeouts end the session or leave a statement running.
  if (kind === 'timeout') return code === '55P03' || code === '57014';
  return kind !== 'connection' && kind !== 'unknown-outcome';
}

/**
 * Whether the backend has sent its process id. The driver sends the first statement together with the password, so that statement may run
 * before the server confirms the session. The first statement sent is therefore never a write: it reads, or is empty.
 */
function hasStarted(client: PoolClient): boolean {
  // The driver's types do not have `processID`.
  return typeof (client as { processID?: unknown }).processID === 'number';
}

function sessionStartError(failure: DatabaseError | undefined): DatabaseError | undefined {
  if (failure?.kind !== 'timeout') return failure;
  const message =
    'The database accepted the connection and did not start the session in time. A suspended compute starts within seconds: look' +
    ' at it in the Neon console.';
  return new DatabaseError('connection', message, { code: 'ETIMEDOUT', retryable: true });
}
