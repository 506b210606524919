/** Neon's driver, set up for a local Neon as `@todo/db` sets it up, so that all contestants send over the same wire. */
import { neonConfig, Pool } from '@neondatabase/serverless';
import { WebSocket } from 'ws';

/** For the whole process, as the driver wants it: there is one contestant in each. */
export function configureNeon(url: string): void {
  const { host } = new URL(url);
  neonConfig.webSocketConstructor = WebSocket;
  neonConfig.useSecureWebSocket = false;
  neonConfig.wsProxy = () => `${host}/v2`;
  neonConfig.fetchEndpoint = `http://${host}/sql`;
  // Gathering writes costs a timer at each query. What is compared is what is around the driver, so it is off for all.
  neonConfig.coalesceWrites = false;
}

export function openPool(url: string): Pool {
  configureNeon(url);
  return new Pool({ connectionString: url });
}
