/**
 * `relay.js CONFIG QUERY RESPONSE`, two of them JSON: the minimum work of a gateway on Node for a request. It reads the body, sends the query to a
 * session of PostgreSQL with the reset that separates requests, waits until the query has run, and responds from memory. It checks no password,
 * parses no request, and reads no row. Prints its port.
 */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { Client, type ClientConfig } from 'pg';

import { createOnreadSocket, createServerMessages, DISCARD_ALL, statementMessages } from '../workspace.ts';
import type { HttpAnswer } from './bare-http.ts';

interface Session {
  /** Calls back when the query has run. */
  readonly run: (done: () => void) => void;
}

const [config = '', query = '', response = ''] = process.argv.slice(2);
const { headers, body } = JSON.parse(response) as HttpAnswer;
const messages = statementMessages(query, [], DISCARD_ALL);
const sessions: Session[] = [];
const waiting: ((session: Session) => void)[] = [];

const server = createServer((request, reply) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.once('end', () => withSession((session) => session.run(() => reply.writeHead(200, headers).end(body))));
});
for (let opened = 0; opened < 16; opened += 1) sessions.push(await openSession());
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));

function withSession(work: (session: Session) => void): void {
  const session = sessions.pop();
  if (session === undefined) waiting.push(work);
  else work(session);
}

function giveBack(session: Session): void {
  const next = waiting.shift();
  if (next === undefined) sessions.push(session);
  else next(session);
}

async function openSession(): Promise<Session> {
  const client = new Client({ ...(JSON.parse(config) as ClientConfig), stream: createOnreadSocket });
  await client.connect();
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  stream.removeAllListeners('data');
  let finished: (() => void) | undefined;
  const session: Session = {
    run(done) {
      finished = done;
      stream.write(messages);
    },
  };
  // The query ends with the first ReadyForQuery, the reset with the second.
  const onReady = (): void => {
    const done = finished;
    finished = undefined;
    if (done === undefined) giveBack(session);
    else done();
  };
  const READY_FOR_QUERY = 'Z'.charCodeAt(0);
  stream.on(
    'data',
    createServerMessages({ onMessage: (type) => void (type === READY_FOR_QUERY && onReady()), onPart: () => {} }),
  );
  return session;
}
