/** Neon's driver, set up for a local Neon as `@todo/db` sets it up, so that all contestants send over the same wire. */
import { neonConfig, Pool } from '@neondatabase/serverless';
import { WebSocket } from 'ws';

/** The driver's settings are global, and each process has one contestant. */
export function configureNeon(url: string): void {
  const { host } = new URL(url);
  neonConfig.webSocketConstructor = WebSocket;
  neonConfig.useSecureWebSocket = false;
  neonConfig.wsProxy = () => `${host}/v2`;
  neonConfig.fetchEndpoint = `http://${host}/sql`;
  // Off for all: coalescing writes costs a timer per query, and this benchmark compares the code around the driver.
  neonConfig.coalesceWrites = false;
}

export function openPool(url: string): Pool {
  configureNeon(url);
  return new Pool({ connectionString: url });
}
