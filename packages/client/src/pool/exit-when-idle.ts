/** A program whose last query is answered ends, although nobody closed its pool. */
import type { Pool, PoolClient } from '@neondatabase/serverless';

/**
 * Idle connections do not keep the process alive; one that is used does. Node alone offers this: elsewhere the pool must be closed. A
 * pool that is being closed keeps the process by its own timer, so that `await close()` is not cut short.
 */
export function exitWhenIdle(pool: Pool): void {
  pool.on('acquire', (client: PoolClient) => socketOf(client)?.ref?.());
  pool.on('release', (_error: unknown, client: PoolClient) => socketOf(client)?.unref?.());
}

interface Socket {
  ref?(): void;
  unref?(): void;
}

/** Of the package `ws`, which the clients use on Node: it has no public name for it. */
function socketOf({ neonConfig }: PoolClient): Socket | null | undefined {
  const { ws } = neonConfig as PoolClient['neonConfig'] & {
    readonly ws: { readonly _socket?: Socket | null } | null;
  };
  return ws?.['_socket'];
}
