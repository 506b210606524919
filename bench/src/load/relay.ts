/**
 * `relay.js CONFIG QUERY RESPONSE` (CONFIG and RESPONSE are JSON): a gateway that does only the minimum work on Node for a request. It reads
 * the body, sends the query to a session of PostgreSQL with the reset that separates requests, waits until the query has run, and responds
 * from memory. It checks no password, parses no request, and reads no row. Prints its port.
 */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { Client, type ClientConfig } from 'pg';

import { commandMessage, createOnreadSocket, createServerMessages, statementMessages } from '../workspace.ts';
import type { HttpResponse } from './bare-http.ts';

interface Session {
  /** Calls `done` when the query has run. */
  readonly run: (done: () => unknown) => void;
}

const [config = '', query = '', response = ''] = process.argv.slice(2);
const { headers, body } = JSON.parse(response) as HttpResponse;
const messages = statementMessages(query, [], commandMessage('DISCARD ALL'));
const READY_FOR_QUERY = 'Z'.charCodeAt(0);
const sessions: Session[] = [];
/** Requests without a session, the oldest first. */
const waiting: ((session: Session) => void)[] = [];

const server = createServer((request, reply) => {
  const respond = (): unknown => reply.writeHead(200, headers).end(body);
  request.resume().once('end', () => withSession((session) => session.run(respond)));
});
for (let opened = 0; opened < 16; opened += 1) sessions.push(await openSession());
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));

/** Calls `work` with a session as soon as one is free. */
function withSession(work: (session: Session) => void): void {
  const session = sessions.pop();
  if (session === undefined) waiting.push(work);
  else work(session);
}

/** Passes a free session to the next waiting request, or keeps it. */
function releaseSession(session: Session): void {
  const startNext = waiting.shift();
  if (startNext === undefined) sessions.push(session);
  else startNext(session);
}

async function openSession(): Promise<Session> {
  const client = new Client({ ...(JSON.parse(config) as ClientConfig), stream: createOnreadSocket });
  await client.connect();
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  stream.removeAllListeners('data');
  let pending: (() => unknown) | undefined;
  const session: Session = {
    run(done) {
      pending = done;
      stream.write(messages);
    },
  };
  // The query ends with the first ReadyForQuery, the reset with the second.
  const onReady = (): void => {
    const done = pending;
    pending = undefined;
    if (done === undefined) releaseSession(session);
    else done();
  };
  stream.on(
    'data',
    createServerMessages({ onMessage: (type) => void (type === READY_FOR_QUERY && onReady()), onPart: () => {} }),
  );
  return session;
}
