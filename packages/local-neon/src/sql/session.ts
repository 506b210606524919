/**
 * A PostgreSQL session that runs one statement at a time and leaves every value as bytes. `pg` does the login. After
 * the login this module speaks the protocol itself, because `pg` converts each value to a string, sends a statement
 * without parameters by the simple protocol, and writes each message on its own.
 */
import { connect, type Socket } from 'node:net';

import { Client } from 'pg';

import { socketOptions, socketPath } from '../postgres/unix-socket.ts';
import { commandMessage, statementMessages, TERMINATE } from '../wire/client-messages.ts';
import { cancelRequest } from '../wire/startup-packet.ts';
import { createOnreadSocket } from './onread-socket.ts';
import { createPipeline } from './pipeline.ts';
import type { RawResult } from './raw-result.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface Session {
  readonly database: string;
  /**
   * Runs a statement by the extended protocol. Nothing else may run in the session meanwhile.
   *
   * Throws the server's `DatabaseError`, or `ResultTooLargeError` at once. In the second case the session has ended,
   * and the caller must cancel the statement.
   */
  readonly query: (text: string, values: readonly (string | null)[], options: QueryOptions) => Promise<RawResult>;
  /** Runs a command that has neither parameters nor rows. */
  run(text: string): Promise<void>;
  /** Rolls back and discards all state (`DISCARD ALL`). False on failure: end the session. */
  reset(): Promise<boolean>;
  /** Asks PostgreSQL to cancel the running statement, and does not wait until it has ended. */
  readonly cancel: () => void;
  end(): Promise<void>;
  readonly ended: Promise<void>;
}

export interface QueryOptions {
  /** Rows that together hold more bytes than this end the query with a `ResultTooLargeError`. */
  readonly bytesMax: number;
  /** Whether this is the last statement before the reset. Then the reset is sent in the same piece. */
  readonly isLastBeforeReset: boolean;
}

const DISCARD_ALL = commandMessage('DISCARD ALL');

/** Logs in. Throws the server's `DatabaseError` when it refuses the credentials. */
export async function connectSession(socketFolder: string, credentials: Credentials): Promise<Session> {
  const client = new Client({ ...socketOptions(socketFolder), ...credentials, stream: createOnreadSocket });
  // A failed login rejects `connect`; a later error also closes the connection.
  client.on('error', () => {});
  await client.connect();
  const { connection, processID, secretKey } = client as unknown as ConnectedClient;
  const { stream } = connection;
  stream.removeAllListeners('data');
  return createSession(stream, credentials.database, () => {
    const socket = connect(socketPath(socketFolder));
    // A server that cannot be reached runs nothing to cancel.
    socket.on('error', () => {});
    socket.end(cancelRequest(processID, secretKey));
  });
}

/** Fields of `pg`'s client that its types leave out. */
interface ConnectedClient {
  readonly connection: { readonly stream: Socket };
  readonly processID: number;
  readonly secretKey: number;
}

/** Returns the session on a socket that has logged in. */
function createSession(socket: Socket, database: string, cancel: () => void): Session {
  const { send, readResult, isInTransaction, isWaiting, ended } = createPipeline(socket);
  /** Whether the reset that was sent with the last statement succeeded. Undefined when none was sent. */
  let resetResult: Promise<boolean> | undefined;
  const run = async (messages: Buffer): Promise<void> => {
    send(messages);
    await readResult(0);
  };
  const resetNow = async (): Promise<void> => {
    // A failed batch leaves its transaction open.
    if (isInTransaction()) await run(commandMessage('ROLLBACK'));
    await run(DISCARD_ALL);
  };
  return {
    database,
    query: (text, values, { bytesMax, isLastBeforeReset }) => {
      // A COPY reads the messages after it as its data.
      const isReset = isLastBeforeReset && !/copy/i.test(text);
      send(statementMessages(text, values, isReset ? DISCARD_ALL : undefined));
      const result = readResult(bytesMax);
      if (isReset) resetResult = readResult(0).then(hasSucceeded, hasFailed);
      return result;
    },
    run: (text) => run(commandMessage(text)),
    reset: async () => {
      const sentReset = resetResult;
      resetResult = undefined;
      const isReset = await sentReset;
      // PostgreSQL refuses DISCARD ALL inside a transaction block, as after a BEGIN.
      const isRefused = isReset === false && isInTransaction();
      if (isReset !== undefined && !isRefused) return isReset;
      return resetNow().then(hasSucceeded, hasFailed);
    },
    cancel,
    end: () => {
      // A graceful end would wait for the pending result.
      if (isWaiting()) socket.destroy();
      else socket.end(TERMINATE);
      return ended;
    },
    ended,
  };
}

const hasSucceeded = (): boolean => true;
const hasFailed = (): boolean => false;
