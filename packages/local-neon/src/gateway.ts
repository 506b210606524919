/** The gateway in front of PostgreSQL: the listener, and Neon's SQL over HTTP on pooled sessions. */
import { LocalNeonError } from './error.ts';
import { type Listener, openListener } from './listener/listener.ts';
import type { PostgresServer } from './postgres/postgres-server.ts';
import { socketPath } from './postgres/unix-socket.ts';
import type { OnQuery } from './query-events/query-event.ts';
import { reportQueries } from './sql/report-queries.ts';
import { createSessionPool } from './sql/session-pool.ts';
import { createSqlHandler } from './sql/sql-over-http.ts';

export interface Gateway {
  readonly port: number;
  /** Ends the idle sessions on a database. */
  evict(database: string): Promise<void>;
  close(): Promise<void>;
}

export interface GatewayOptions {
  /** The port to listen on. When it is taken, the gateway does not open. */
  readonly port: number | undefined;
  /** Used without `port`, if it is free. */
  readonly preferredPort: number | undefined;
  /** Origins of the web pages that may connect. */
  readonly allowOrigin: readonly string[];
  /** Called after each query, over every transport. */
  readonly onQuery: OnQuery | undefined;
}

/** Throws `PORT_TAKEN`. */
export async function openGateway(
  server: PostgresServer,
  { port, preferredPort = 0, allowOrigin, onQuery }: GatewayOptions,
): Promise<Gateway> {
  const pool = createSessionPool(server);
  const shared = {
    allowOrigin,
    handleSql: createSqlHandler(pool, onQuery && reportQueries(onQuery)),
    socketPath: socketPath(server.socketFolder),
    ready: server.ready,
    onQuery,
  };
  const open = (wanted: number): Promise<Listener> => openListener({ ...shared, port: wanted });
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
