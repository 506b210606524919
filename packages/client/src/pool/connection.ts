/** One connection while somebody has it: what fails on it is typed, and it knows whether anyone may have it next. */
import type { PoolClient, QueryConfig, QueryResult } from '@neondatabase/serverless';

import { DatabaseError } from '../errors/database-error.ts';
import { refuseCopyData } from '../requests/copy-data.ts';
import { limitParameters } from '../requests/parameter-limit.ts';
import type { Translate } from '../errors/to-database-error.ts';
import type { SessionWatch } from './session-watch.ts';

export interface Connection {
  /** @param isHarmless Whether nothing would have changed if the statement had run although its answer is lost. */
  query(statement: Statement, values: unknown[] | undefined, isHarmless: () => boolean): Promise<QueryResult>;
  /** Whether it is of no further use: it is gone, or a statement on it still runs that nobody waits for. */
  readonly isBroken: boolean;
}

/** As Drizzle gives it to the driver. */
export type Statement = string | QueryConfig;

export function textOf(statement: Statement): string {
  return typeof statement === 'string' ? statement : statement.text;
}

export function useConnection(client: PoolClient, translate: Translate, note: SessionWatch['note']): Connection {
  let isBroken = false;
  return {
    get isBroken() {
      return isBroken;
    },
    async query(statement, values, isHarmless) {
      refuseCopyData(textOf(statement));
      limitParameters(values?.length ?? 0);
      note(textOf(statement));
      let isStarting = !hasStarted(client);
      try {
        if (isStarting && !isHarmless()) {
          await client.query('');
          isStarting = false;
        }
        return await client.query(statement, values);
      } catch (error) {
        const isUnheard = isStarting && !hasStarted(client);
        const failure = isUnheard
          ? whileStarting(translate(error, true))
          : translate(error, isStarting || isHarmless());
        // The driver is stuck as well when it could not write down a value.
        isBroken ||= failure === undefined || !isOutlived(failure);
        throw failure ?? error;
      }
    },
  };
}

/** Whether it was PostgreSQL that refused, and takes the next statement. */
function isOutlived({ kind, code }: DatabaseError): boolean {
  // Of a lock or of a statement; other timeouts end the session, or leave a statement running.
  if (kind === 'timeout') return code === '55P03' || code === '57014';
  return kind !== 'connection' && kind !== 'unknown-outcome';
}

/**
 * Whether the backend has named itself. The driver sends the first statement along with the password, so that it may have run although
 * of the session nothing was heard: the first to be sent is never one that changes something, but one that reads, or nothing.
 */
function hasStarted(client: PoolClient): boolean {
  // Missing from the driver's types.
  return typeof (client as { processID?: unknown }).processID === 'number';
}

function whileStarting(failure: DatabaseError | undefined): DatabaseError | undefined {
  if (failure?.kind !== 'timeout') return failure;
  return new DatabaseError(
    'connection',
    'The database took the connection and did not start the session in time. A sleeping compute wakes within seconds: look at' +
      ' it in the Neon console.',
    { code: 'ETIMEDOUT', retryable: true },
  );
}
