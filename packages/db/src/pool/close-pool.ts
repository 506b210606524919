/** The end of a pool. The driver's own `end()` refuses a second call, and answers before its sockets are closed. */
import type { Pool } from '@neondatabase/serverless';

type Client = InstanceType<Pool['Client']>;

/** A server that is gone never confirms that a WebSocket is closed. */
const CLOSE_TIMEOUT_MS = 5000;

/** Gives the function that waits for what is running, then for every socket; calling it again waits for the same. */
export function closeOnce(pool: Pool): () => Promise<void> {
  const open = new Map<Client, Promise<void>>();
  pool.on('connect', (client: Client) => {
    const ended = new Promise<void>((resolve) => client.on('end', resolve));
    open.set(client, ended);
    void ended.then(() => open.delete(client));
  });

  const close = async () => {
    await pool.end();
    const forced = setTimeout(() => {
      for (const client of open.keys()) client.neonConfig.destroy();
    }, CLOSE_TIMEOUT_MS);
    await Promise.all(open.values());
    clearTimeout(forced);
  };
  let closing: Promise<void> | undefined;
  return () => (closing ??= close());
}
