/**
 * A session of PostgreSQL that runs one statement at a time and leaves every value as it came. `pg` does the login; behind it
 * this speaks the protocol itself, for `pg` would make a string of each value, send a statement without parameters through
 * the simple protocol, and write each message on its own.
 */
import { connect, type Socket } from 'node:net';

import { Client } from 'pg';

import { socketOptions } from '../postgres/unix-socket.ts';
import { cancelRequest, command, statement, TERMINATE } from '../wire/client-messages.ts';
import { createPipeline } from './pipeline.ts';
import { createOnreadSocket } from './onread-socket.ts';
import type { RawResult } from './raw-result.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface Session {
  readonly database: string;
  /**
   * Runs a statement through the extended protocol, while nothing else runs here.
   *
   * Throws the server's `DatabaseError` whole, or `ResultTooLargeError` at once: then the session has ended, and what
   * runs there is to be cancelled.
   */
  query(text: string, values: readonly (string | null)[], options: QueryOptions): Promise<RawResult>;
  /** Runs a command that has neither parameters nor rows. */
  run(text: string): Promise<void>;
  /** Leaves nothing of what ran here, an open transaction included. False when that cannot be: end the session. */
  wash(): Promise<boolean>;
  /** Has PostgreSQL stop what runs here, and does not wait for it. */
  readonly cancel: () => void;
  end(): Promise<void>;
  readonly ended: Promise<void>;
}

export interface QueryOptions {
  /** Rows that together hold more bytes than this end the query with a `ResultTooLargeError`. */
  readonly bytesMax: number;
  /** Nothing follows before the session is washed: the wash is written behind the statement. */
  readonly isLast: boolean;
}

const WASH = command('DISCARD ALL');

/** Throws the server's `DatabaseError` when it does not let the credentials in. */
export async function connectSession(socketFolder: string, credentials: Credentials): Promise<Session> {
  const client = new Client({ ...socketOptions(socketFolder), ...credentials, stream: createOnreadSocket });
  // A login that fails rejects `connect`; what is lost later closes the connection.
  client.on('error', () => {});
  await client.connect();
  const { connection, processID, secretKey } = client as unknown as ConnectedClient;
  const { stream } = connection;
  stream.removeAllListeners('data');
  return createSession(stream, credentials.database, () => {
    const socket = connect(`${socketFolder}/.s.PGSQL.5432`);
    // Nothing to cancel where there is nobody to ask.
    socket.on('error', () => {});
    socket.end(cancelRequest(processID, secretKey));
  });
}

/** What `pg` knows of its connection; its types do not say. */
interface ConnectedClient {
  readonly connection: { readonly stream: Socket };
  readonly processID: number;
  readonly secretKey: number;
}

function createSession(socket: Socket, database: string, cancel: () => void): Session {
  const { send, answer, isInTransaction, isWaiting, ended } = createPipeline(socket);
  /** Whether the wash that was written behind the last statement has succeeded. */
  let washed: Promise<boolean> | undefined;
  const run = async (messages: Buffer): Promise<void> => {
    send(messages);
    await answer(0);
  };
  const washNow = async (): Promise<void> => {
    // A batch that failed is still open.
    if (isInTransaction()) await run(command('ROLLBACK'));
    await run(WASH);
  };
  return {
    database,
    query: (text, values, { bytesMax, isLast }) => {
      // A COPY takes what follows it for its data.
      const isWashed = isLast && !/copy/i.test(text);
      send(statement(text, values, isWashed ? WASH : undefined));
      const result = answer(bytesMax);
      if (isWashed) washed = answer(0).then(hasSucceeded, hasFailed);
      return result;
    },
    run: (text) => run(command(text)),
    wash: async () => {
      const already = washed;
      washed = undefined;
      const isWashed = await already;
      // Inside a transaction block, as behind a BEGIN, PostgreSQL refuses DISCARD ALL.
      const isRefused = isWashed === false && isInTransaction();
      if (isWashed !== undefined && !isRefused) return isWashed;
      return washNow().then(hasSucceeded, hasFailed);
    },
    cancel,
    end: () => {
      // Who waits for an answer would wait on.
      if (isWaiting()) socket.destroy();
      else socket.end(TERMINATE);
      return ended;
    },
    ended,
  };
}

const hasSucceeded = (): boolean => true;
const hasFailed = (): boolean => false;
