/** The gateway in front of PostgreSQL: the listener, and Neon's SQL over HTTP on pooled sessions. */
import { LocalNeonError } from './error.ts';
import { type Listener, type ListenerOptions, openListener } from './listener/listener.ts';
import type { PostgresServer } from './postgres/postgres-server.ts';
import { socketPath } from './postgres/unix-socket.ts';
import { createSessionPool } from './sql/session-pool.ts';
import { createSqlHandler } from './sql/sql-over-http.ts';

export interface Gateway {
  readonly port: number;
  /** Ends the idle sessions on a database. */
  evict(database: string): Promise<void>;
  close(): Promise<void>;
}

export interface GatewayOptions extends Pick<ListenerOptions, 'allowOrigin' | 'onQuery'> {
  /** The port to listen on. When it is taken, the gateway does not open. */
  readonly port: number | undefined;
  /** Used without `port`, if it is free. */
  readonly preferredPort: number | undefined;
}

/** Opens the listener and the session pool. Throws `PORT_TAKEN`. */
export async function openGateway(
  server: PostgresServer,
  { port, preferredPort = 0, allowOrigin, onQuery }: GatewayOptions,
): Promise<Gateway> {
  const pool = createSessionPool(server);
  const handleSql = createSqlHandler(pool, onQuery);
  const path = socketPath(server.socketFolder);
  const open = (wanted: number): Promise<Listener> =>
    openListener({ port: wanted, allowOrigin, handleSql, socketPath: path, ready: server.ready, onQuery });
  const listener = await open(port ?? preferredPort).catch((error: unknown) => {
    const isPreference = port === undefined && error instanceof LocalNeonError && error.code === 'PORT_TAKEN';
    if (isPreference) return open(0);
    throw error;
  });
  return {
    port: listener.port,
    evict: (database) => pool.evict(database),
    close: async () => {
      await listener.close();
      await pool.close();
      await server.admin.end();
    },
  };
}
