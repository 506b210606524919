/** A TCP relay in front of the database, and an HTTP server on this machine that cuts the relay's connections. */
import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

import type { CaseContext } from './cases/case.js';

export interface Relay extends AsyncDisposable {
  readonly context: CaseContext;
}

const HOST = '127.0.0.1';

/** Starts the relay for the database of `url`. Returns the addresses that the cases use. */
export async function startRelay(url: string): Promise<Relay> {
  const open = new Set<Socket>();
  const track = (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {});
    return socket;
  };
  const relay = createServer((client) => {
    const upstream = track(connect(Number(new URL(url).port), HOST));
    track(client).pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  const control = createHttpServer((_, response) => {
    for (const socket of open) socket.destroy();
    response.end();
  });
  // Listens and stops, so that nothing listens on its port.
  const closed = createServer();
  const [relayPort, controlPort, closedPort] = [await listen(relay), await listen(control), await listen(closed)];
  closed.close();

  const withPort = (port: number) => Object.assign(new URL(url), { port: String(port) }).href;
  return {
    context: {
      url,
      relayUrl: withPort(relayPort),
      closedUrl: withPort(closedPort),
      cutUrl: `http://${HOST}:${controlPort}/`,
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      control.closeAllConnections();
      await Promise.all([relay, control].map((server) => once(server.close(), 'close')));
    },
  };
}

async function listen(server: Server | HttpServer): Promise<number> {
  server.listen(0, HOST);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
