/**
 * The way to a PostgreSQL that somebody else runs: a Unix socket that asks for passwords as ours does, in clear text, and logs
 * in upstream with whatever that server wants. So the gateway need not know whose server it stands in front of.
 */
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

import { Client, DatabaseError, Pool } from 'pg';

import { LocalNeonError } from './error.ts';
import { createMessageReader } from './wire/message-reader.ts';
import { toPostgresUrl } from './postgres-url.ts';
import { socketOptions } from './postgres/unix-socket.ts';
import type { PostgresServer } from './postgres/postgres-server.ts';

export interface Upstream extends PostgresServer {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  close(): Promise<void>;
}

const CANCEL_REQUEST = 80877102;
/** `connection_failure`, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNREACHED = '08006';
const PASSWORD_BYTES_MAX = 65_535;
/** AuthenticationCleartextPassword. */
const ASK_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

/**
 * Opens the way to the server behind a URL, in a folder of our own.
 *
 * Throws `START_FAILED` when that server does not let the URL in, or the URL is none of PostgreSQL or demands TLS.
 */
export async function openUpstream(text: string, folder: string): Promise<Upstream> {
  const url = toPostgresUrl(text);
  // `pg` would take most of what is none for a database on port 5432, and Node's own error holds the URL with its password.
  if (url === undefined) {
    throw new LocalNeonError(
      'START_FAILED',
      'The URL of the PostgreSQL to stand in front of is none, such as postgresql://user:password@localhost:5432/todo.',
    );
  }
  if (/[?&]sslmode=(require|verify-)/.test(url)) {
    throw new LocalNeonError(
      'START_FAILED',
      'The gateway speaks to PostgreSQL without TLS, and the URL demands it (sslmode): use a server on this machine.',
    );
  }
  const { host, port, user, password, database } = new Client({ connectionString: url }) as unknown as Target;
  const target = { host, port };
  const visitors = new Set<Socket>();
  const server = createServer((socket) => {
    visitors.add(socket);
    socket.once('close', () => visitors.delete(socket));
    socket.on('error', () => {});
    receive(socket, target);
  });
  server.listen(join(folder, '.s.PGSQL.5432'));
  await once(server, 'listening');
  await chmod(join(folder, '.s.PGSQL.5432'), 0o600);
  // A server that asks for none takes any, and Neon's driver insists on one.
  const login = { user: user ?? '', password: password || 'none', database: database ?? '' };
  // On the very database that somebody may want to clone: shorter than the 5 s that PostgreSQL waits for its sessions to go.
  const admin = new Pool({
    ...socketOptions(folder),
    ...login,
    max: 4,
    idleTimeoutMillis: 1000,
  });
  admin.on('error', () => {});
  const close = async (): Promise<void> => {
    server.close();
    for (const socket of visitors) socket.destroy();
  };
  try {
    await admin.query('select 1');
  } catch (cause) {
    await admin.end();
    await close();
    // Whatever fails on the way there is told as PostgreSQL would.
    const isUnreached = cause instanceof DatabaseError && cause.code === UNREACHED;
    const what = isUnreached ? 'cannot be reached' : `does not let "${login.user}" into "${login.database}"`;
    throw new LocalNeonError(
      'START_FAILED',
      `The PostgreSQL on ${host}, port ${port}, ${what}: ${(cause as Error).message}.`,
      { cause },
    );
  }
  return { socketFolder: folder, admin, isOwn: false, ready: Promise.resolve(), ...login, close };
}

/** What `pg` makes of a URL and the defaults. */
interface Target {
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

function receive(socket: Socket, target: Pick<Target, 'host' | 'port'>): void {
  let startup: Buffer | undefined;
  const read = createMessageReader({
    keep: { '': 10_000, p: PASSWORD_BYTES_MAX },
    hasStartup: true,
    onMessage: (type, body) => {
      if (startup === undefined && body.readInt32BE(0) === CANCEL_REQUEST) return cancel(socket, target, body);
      if (startup === undefined) {
        startup = body;
        socket.write(ASK_PASSWORD);
      } else if (type === 'p') {
        socket.off('data', read);
        socket.pause();
        logIn(socket, target, parametersOf(startup), body.toString('utf8', 0, body.length - 1));
      } else socket.destroy();
    },
  });
  socket.on('data', read);
}

/** `pg` does the login; all that the server says to it, save its questions, is the visitor's to hear. */
function logIn(
  socket: Socket,
  target: Pick<Target, 'host' | 'port'>,
  parameters: Record<string, string>,
  password: string,
): void {
  const { user = '', database = user } = parameters;
  const client = new Client({ ...target, user, database, password, ssl: false });
  const internals = client as unknown as { connection: { stream: Socket }; getStartupConf: () => object };
  const { stream } = internals.connection;
  internals.getStartupConf = () => parameters;
  const said: Buffer[] = [];
  const listen = (bytes: Buffer): void => void said.push(bytes);
  stream.on('data', listen);
  socket.once('close', () => stream.destroy());
  // A login that fails rejects `connect`; later, `close` follows.
  client.on('error', () => {});
  client.connect().then(
    () => {
      stream.removeAllListeners('data');
      socket.write(withoutQuestions(Buffer.concat(said)));
      stream.once('close', () => socket.destroySoon());
      stream.pipe(socket);
      socket.pipe(stream);
    },
    (error: Error) => {
      const heard = withoutQuestions(Buffer.concat(said));
      socket.end(heard.length > 0 ? heard : errorResponse(UNREACHED, error.message || 'the server does not answer'));
    },
  );
}

function withoutQuestions(bytes: Buffer): Buffer {
  const told: Buffer[] = [];
  for (let offset = 0; offset + 5 <= bytes.length;) {
    const end = offset + 1 + bytes.readUInt32BE(offset + 1);
    const isQuestion = bytes[offset] === 'R'.charCodeAt(0) && bytes.readInt32BE(offset + 5) !== 0;
    if (!isQuestion) told.push(bytes.subarray(offset, end));
    offset = end;
  }
  return Buffer.concat(told);
}

/** https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS */
function cancel(socket: Socket, { host, port }: Pick<Target, 'host' | 'port'>, body: Buffer): void {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  const upstream = connect(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
  upstream.on('error', () => {});
  upstream.once('close', () => socket.destroy());
  upstream.end(Buffer.concat([length, body]));
}

function parametersOf(startup: Buffer): Record<string, string> {
  const words = startup.toString('utf8', 4).split('\0');
  const parameters: Record<string, string> = {};
  for (let index = 0; index + 1 < words.length && words[index]; index += 2)
    parameters[words[index]!] = words[index + 1]!;
  return parameters;
}

function errorResponse(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const header = Buffer.alloc(5);
  header.write('E');
  header.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([header, fields]);
}
