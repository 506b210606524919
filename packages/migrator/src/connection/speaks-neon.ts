/** Whether a server speaks Neon's protocols, of which any PostgreSQL knows nothing. */
import { randomBytes } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

import type { Target } from './target.ts';

/** Longer on this machine, where something answers at once or not at all. */
const LOCAL_TIMEOUT_MS = 5000;
const REMOTE_TIMEOUT_MS = 2000;

/**
 * Asks for a WebSocket where Neon's driver would: without TLS on this machine, with TLS anywhere else. Nothing of the connection string
 * but the address is sent. Never throws.
 */
export async function speaksNeon({ host, port, isSocket, isLocal }: Target): Promise<boolean> {
  if (isSocket) return false;
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
  };
  const options = { host, path: '/v2', headers, agent: false };
  const request = isLocal
    ? requestHttp({ ...options, port, signal: AbortSignal.timeout(LOCAL_TIMEOUT_MS) })
    : requestHttps({ ...options, signal: AbortSignal.timeout(REMOTE_TIMEOUT_MS) });
  return await new Promise((resolve) => {
    request.once('upgrade', (_, socket) => {
      socket.destroy();
      resolve(true);
    });
    request.once('response', (response) => {
      response.destroy();
      resolve(false);
    });
    request.once('error', () => resolve(false));
    request.end();
  });
}
