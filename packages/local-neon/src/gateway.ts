/** The front door with what stands behind it: Neon's SQL over HTTP, on sessions that wait for the next request. */
import { join } from 'node:path';

import { LocalNeonError } from './error.ts';
import { type Listener, openListener } from './listener/listener.ts';
import type { PostgresServer } from './postgres/postgres-server.ts';
import type { OnQuery } from './query-events/query-event.ts';
import { createSessionPool } from './sql/session-pool.ts';
import { createSqlHandler } from './sql/sql-over-http.ts';
import { reportQueries } from './sql/report-queries.ts';

export interface Gateway {
  readonly port: number;
  /** Ends the sessions that wait on a database for the next request. */
  evict(database: string): Promise<void>;
  close(): Promise<void>;
}

export interface GatewayOptions {
  /** This one or none. */
  readonly port: number | undefined;
  /** Used when no `port` is demanded, if it is free. */
  readonly preferredPort: number | undefined;
  /** Origins of the web pages that may come in. */
  readonly allowOrigin: readonly string[];
  /** Told of each query, whichever way it came. */
  readonly onQuery: OnQuery | undefined;
}

/** Throws `PORT_TAKEN`. */
export async function openGateway(
  server: PostgresServer,
  { port, preferredPort = 0, allowOrigin, onQuery }: GatewayOptions,
): Promise<Gateway> {
  const pool = createSessionPool(server);
  const handleSql = createSqlHandler(pool, onQuery && reportQueries(onQuery));
  const socketPath = join(server.socketFolder, '.s.PGSQL.5432');
  const open = (wanted: number): Promise<Listener> =>
    openListener({ port: wanted, allowOrigin, handleSql, socketPath, ready: server.ready, onQuery });
  const door = await open(port ?? preferredPort).catch((error: unknown) => {
    const isPreference = port === undefined && error instanceof LocalNeonError && error.code === 'PORT_TAKEN';
    if (isPreference) return open(0);
    throw error;
  });
  return {
    port: door.port,
    evict: (database) => pool.evict(database),
    close: async () => {
      await door.close();
      await pool.close();
      await server.admin.end();
    },
  };
}
