/**
 * Connects to a PostgreSQL server that local-neon did not start (`--postgres`). Opens a Unix socket that asks for
 * passwords in clear text, as our own server does, and logs in upstream by any method that the server requires. So the
 * gateway works in the same way with both servers.
 */
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';

import { Client, DatabaseError, Pool } from 'pg';

import { LocalNeonError } from './error.ts';
import { toPostgresUrl } from './postgres-url.ts';
import type { PostgresServer } from './postgres/postgres-server.ts';
import { socketOptions, socketPath } from './postgres/unix-socket.ts';
import { fatalError } from './wire/error-response.ts';
import { createMessageReader } from './wire/message-reader.ts';
import { HEADER_BYTES, isAuthenticationRequest, lengthInHeader, PASSWORD_BYTES_MAX } from './wire/messages.ts';
import { CANCEL_REQUEST, readParameters, STARTUP_PACKET_BYTES_MAX } from './wire/startup-packet.ts';

export interface Upstream extends PostgresServer {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly close: () => void;
}

/** `connection_failure`, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CONNECTION_FAILURE = '08006';
/** AuthenticationCleartextPassword. */
const ASK_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

/**
 * Connects to the server at a URL. The socket is created in `folder`, which must be ours.
 *
 * Throws `START_FAILED` when the text is not a PostgreSQL URL, when the URL requires TLS, and when the server cannot be
 * reached or refuses the login.
 */
export async function openUpstream(urlText: string, folder: string): Promise<Upstream> {
  const { host, port, user, password, database } = parseUpstreamUrl(urlText);
  const closeRelay = await openRelay(folder, { host, port });
  // Neon's driver requires a password. A server that asks for no password accepts any password.
  const login = { user: user ?? '', password: password || 'none', database: database ?? '' };
  // The idle timeout is less than 5 s: PostgreSQL waits only 5 s for the sessions of a database to end before it refuses to clone it.
  const admin = new Pool({ ...socketOptions(folder), ...login, max: 4, idleTimeoutMillis: 1000 });
  admin.on('error', () => {});
  try {
    await admin.query('select 1');
  } catch (cause) {
    await admin.end();
    closeRelay();
    // The relay reports a server that it cannot reach as an error of PostgreSQL with this code.
    const isUnreached = cause instanceof DatabaseError && cause.code === CONNECTION_FAILURE;
    const failure = isUnreached ? 'cannot be reached' : `refuses user "${login.user}" in database "${login.database}"`;
    const message = `The PostgreSQL server on ${host}, port ${port}, ${failure}: ${(cause as Error).message}. Check the URL and the server.`;
    throw new LocalNeonError('START_FAILED', message, { cause });
  }
  return { socketFolder: folder, admin, isStartedByUs: false, ready: Promise.resolve(), ...login, close: closeRelay };
}

type Address = Pick<Client, 'host' | 'port'>;

/** A client that is not connected: the parts of the URL together with the defaults of `pg`. */
function parseUpstreamUrl(text: string): Client {
  const url = toPostgresUrl(text);
  // `pg` takes most other texts for a database on port 5432, and the message of Node's error holds the URL with its password.
  if (url === undefined) {
    const message =
      'The URL of the running PostgreSQL server is not a PostgreSQL URL, such as postgresql://user:password@localhost:5432/todo.';
    throw new LocalNeonError('START_FAILED', message);
  }
  if (/[?&]sslmode=(require|verify-)/.test(url)) {
    const message =
      'The gateway connects to PostgreSQL without TLS, and the URL requires TLS (sslmode). For a server on this machine, remove sslmode from the URL.';
    throw new LocalNeonError('START_FAILED', message);
  }
  return new Client({ connectionString: url });
}

/** Listens on a Unix socket and joins each connection to one of the upstream server. Returns a function that closes all connections. */
async function openRelay(folder: string, address: Address): Promise<() => void> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    readLogin(socket, address);
  });
  server.listen(socketPath(folder));
  await once(server, 'listening');
  await chmod(socketPath(folder), 0o600);
  return () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
}

/** Asks the client for its password, and then logs in upstream. Forwards a CancelRequest. */
function readLogin(socket: Socket, address: Address): void {
  let startup: Buffer | undefined;
  const read = createMessageReader({
    keep: { '': STARTUP_PACKET_BYTES_MAX, p: PASSWORD_BYTES_MAX },
    hasStartup: true,
    onMessage: (type, body) => {
      if (startup === undefined && body.readInt32BE(0) === CANCEL_REQUEST) return forwardCancel(socket, address, body);
      if (startup === undefined) {
        startup = body;
        socket.write(ASK_PASSWORD);
      } else if (type === 'p') {
        socket.off('data', read);
        socket.pause();
        logIn(socket, address, readParameters(startup), body.toString('utf8', 0, body.length - 1));
      } else socket.destroy();
    },
  });
  socket.on('data', read);
}

/** Logs in with `pg`, then joins both sockets. The client receives all messages of the server, except its authentication requests. */
function logIn(socket: Socket, address: Address, parameters: Record<string, string>, password: string): void {
  const { user = '', database = user } = parameters;
  const client = new Client({ ...address, user, database, password, ssl: false });
  const internals = client as unknown as { connection: { stream: Socket }; getStartupConf: () => object };
  const { stream } = internals.connection;
  // The server gets all parameters of the client, such as `application_name`, and not those of `pg`.
  internals.getStartupConf = () => parameters;
  const received: Buffer[] = [];
  stream.on('data', (bytes: Buffer) => void received.push(bytes));
  socket.once('close', () => stream.destroy());
  // A failed login rejects `connect`; `close` follows a later error.
  client.on('error', () => {});
  client.connect().then(
    () => {
      stream.removeAllListeners('data');
      socket.write(removeAuthenticationRequests(Buffer.concat(received)));
      stream.once('close', () => socket.destroySoon());
      stream.pipe(socket);
      socket.pipe(stream);
    },
    (error: Error) => {
      const messages = removeAuthenticationRequests(Buffer.concat(received));
      const reason = error.message || 'the server does not respond';
      socket.end(messages.length > 0 ? messages : fatalError(CONNECTION_FAILURE, reason));
    },
  );
}

/** Removes the server's authentication requests: the client has sent its password to the relay. */
function removeAuthenticationRequests(bytes: Buffer): Buffer {
  const kept: Buffer[] = [];
  for (let offset = 0; offset + HEADER_BYTES <= bytes.length;) {
    const end = offset + lengthInHeader(bytes, offset);
    if (!isAuthenticationRequest(bytes, offset)) kept.push(bytes.subarray(offset, end));
    offset = end;
  }
  return Buffer.concat(kept);
}

/** Forwards a CancelRequest: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS */
function forwardCancel(socket: Socket, { host, port }: Address, body: Buffer): void {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  const upstream = connect(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
  upstream.on('error', () => {});
  upstream.once('close', () => socket.destroy());
  upstream.end(Buffer.concat([length, body]));
}
