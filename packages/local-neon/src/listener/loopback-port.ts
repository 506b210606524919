/** Listens on one port of both loopback addresses. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

import { LocalNeonError } from '../error.ts';

const LOOPBACK = ['127.0.0.1', '::1'] as const;

/** Listens on both loopback addresses: `localhost` may mean either. Port 0 takes a free one. Throws `PORT_TAKEN`. */
export async function listen(
  requestedPort: number,
  onConnection: (socket: Socket) => void,
): Promise<{ port: number; servers: readonly Server[] }> {
  for (let attempt = 1; ; attempt += 1) {
    const servers: Server[] = [];
    try {
      let port = requestedPort;
      for (const host of LOOPBACK) {
        const server = await listenOn(host, port, onConnection);
        if (!server) continue;
        servers.push(server);
        port = (server.address() as { port: number }).port;
      }
      return { port, servers };
    } catch (error) {
      await closePort(servers);
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      // A port that is free on one address may be taken on the other. Try another port.
      if (requestedPort === 0 && attempt < 10) continue;
      const { port: free, servers: spare } = await listen(0, (socket) => socket.destroy());
      await closePort(spare);
      const message = `Port ${requestedPort} on localhost is taken by another program. Stop that program, or use another port: ${free} is free.`;
      throw new LocalNeonError('PORT_TAKEN', message, { cause: error });
    }
  }
}

/** Resolves when all connections of the port are closed. */
export async function closePort(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
}

/** Listens on one address. Undefined on a machine without this address (no IPv6). */
async function listenOn(
  host: string,
  port: number,
  onConnection: (socket: Socket) => void,
): Promise<Server | undefined> {
  const server = createServer(onConnection);
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
