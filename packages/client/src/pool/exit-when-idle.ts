/** Lets a program end after its last query, even if its pool was not closed. */
import type { Pool, PoolClient } from '@neondatabase/serverless';

/**
 * Makes only connections in use keep the process alive, and not idle ones. This works on Node only: on other runtimes the pool must be
 * closed. While a pool closes, its own timer keeps the process alive, so that `await close()` is not cut short.
 */
export function exitWhenIdle(pool: Pool): void {
  pool.on('acquire', (client: PoolClient) => socketOf(client)?.ref?.());
  pool.on('release', (_error: unknown, client: PoolClient) => socketOf(client)?.unref?.());
}

interface Socket {
  ref?(): void;
  unref?(): void;
}

/** The socket of a WebSocket of the package `ws`, which the clients use on Node. `ws` has no public name for the socket. */
function socketOf({ neonConfig }: PoolClient): Socket | null | undefined {
  const { ws } = neonConfig as PoolClient['neonConfig'] & {
    readonly ws: { readonly _socket?: Socket | null } | null;
  };
  return ws?.['_socket'];
}
