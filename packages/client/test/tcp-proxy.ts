/** A TCP proxy in front of a local database, which can simulate network failures. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

import { privatePort } from './private-port.ts';

export interface TcpProxy extends AsyncDisposable {
  /** The database's connection string, through the proxy. */
  readonly url: string;
  /** Cuts every connection. */
  cut(): void;
  /** Stops all data in both directions; the connections stay open. */
  freeze(): void;
  /** Delivers the data that `freeze` held back. */
  thaw(): void;
  /** Sets the fate of the next connections, in order. Later connections are passed on as usual. */
  meet(...fates: Fate[]): void;
  /** Cuts every connection, and refuses new ones until `listen()`. */
  close(): Promise<void>;
  listen(): Promise<void>;
  /** The number of connections so far. */
  readonly met: number;
}

/**
 * `'cut'`: cut when it sends data. `'mute'`: the server gets the data, but the client gets only the first answer, which opens a WebSocket.
 * Another text: the answer to the client.
 */
export type Fate = 'cut' | 'freeze' | 'mute' | (string & {});

export async function tcpProxy(url: string): Promise<TcpProxy> {
  const here = new URL(url);
  const port = Number(here.port);
  const open = new Set<Socket>();
  const pairs = new Map<Socket, Socket>();
  const frozen = new Set<Socket>();
  const fates: Fate[] = [];
  let met = 0;

  const server = createServer((client) => {
    met += 1;
    keep(open, client);
    const fate = fates.shift();
    if (fate === 'freeze') return;
    if (fate !== undefined && fate !== 'mute') {
      client.once('data', () => (fate === 'cut' ? client.destroy() : client.end(fate)));
      return;
    }
    const upstream = connect(port, '127.0.0.1');
    keep(open, upstream);
    client.pipe(upstream);
    if (fate === 'mute') upstream.once('data', (answer) => client.write(answer)).resume();
    else upstream.pipe(client);
    pairs.set(client, upstream).set(upstream, client);
    client.on('close', () => {
      upstream.destroy();
      pairs.delete(client);
    });
    upstream.on('close', () => {
      client.destroy();
      pairs.delete(upstream);
    });
  });
  here.port = String(await privatePort());
  const listen = async () => {
    server.listen(Number(here.port), '127.0.0.1');
    await once(server, 'listening');
  };
  await listen();

  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  const close = async () => {
    cut();
    if (server.listening) await once(server.close(), 'close');
  };
  return {
    url: here.href,
    close,
    listen,
    cut,
    freeze() {
      for (const socket of open) {
        socket.unpipe().pause();
        frozen.add(socket);
      }
    },
    thaw() {
      for (const socket of frozen) {
        const other = pairs.get(socket);
        if (other !== undefined) socket.pipe(other);
      }
      frozen.clear();
    },
    meet: (...next) => void fates.push(...next),
    get met() {
      return met;
    },
    [Symbol.asyncDispose]: close,
  };
}

function keep(open: Set<Socket>, socket: Socket): void {
  open.add(socket);
  socket.on('close', () => open.delete(socket));
  // The `close` event follows.
  socket.on('error', () => {});
}
