/** Serves the API on a port, with Node.js, and opens its database. */
import type { Server } from 'node:http';

import { serve } from '@hono/node-server';
import { connectHttp, connectSession, connectWebSocket } from '@todo/db';
import { migrationStatus } from '@todo/db/migrate';

import { createApi } from './app.ts';
import type { ApiOptions } from './context.ts';

export interface ServeOptions extends Pick<ApiOptions, 'sessionSecret' | 'isSecure' | 'log'> {
  readonly databaseUrl: string | undefined;
  readonly transport: 'http' | 'websocket';
  /** 0 means any free port. */
  readonly port: number;
  /** The address to listen on. `localhost` accepts connections of this machine only. */
  readonly host: string;
}

export interface ServedApi {
  /** Such as `http://localhost:8787`. */
  readonly origin: string;
  /** Accepts no new request, finishes the running ones, then closes the database. */
  readonly close: () => Promise<void>;
}

/** Starts the server. @throws when the port cannot be bound. */
export async function serveApi(options: ServeOptions): Promise<ServedApi> {
  const { databaseUrl, transport, host } = options;
  const db = transport === 'http' ? connectHttp(databaseUrl) : connectWebSocket(databaseUrl);
  const api = createApi({ ...options, db, migrationStates: () => readMigrationStates(databaseUrl) });
  let isClosing = false;
  const fetch = async (request: Request): Promise<Response> => {
    const response = await api.fetch(request);
    // Without this header, Node.js keeps the connection open for another request, and the server does not close.
    if (isClosing) response.headers.set('connection', 'close');
    return response;
  };
  const { server, port } = await listen(fetch, options.port, host);

  const close = async () => {
    isClosing = true;
    await new Promise((resolve) => server.close(resolve));
    if ('close' in db) await db.close();
  };
  let closing: Promise<void> | undefined;
  return { origin: `http://${host}:${port}`, close: () => (closing ??= close()) };
}

function listen(fetch: (request: Request) => Promise<Response>, port: number, hostname: string) {
  return new Promise<{ server: Server; port: number }>((resolve, reject) => {
    // The cast is safe: by default, `serve` creates a server of HTTP/1.1.
    const server = serve({ fetch, port, hostname }, (address) => resolve({ server, port: address.port })) as Server;
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      const reason = isTaken ? 'another process is listening. Set PORT to another port, or to 0.' : error.message;
      reject(new Error(`Could not bind port ${port}: ${reason}`, { cause: error }));
    });
  });
}

async function readMigrationStates(databaseUrl: string | undefined) {
  await using session = await connectSession(databaseUrl, { connectTimeoutMs: 2000 });
  return await migrationStatus(session);
}
