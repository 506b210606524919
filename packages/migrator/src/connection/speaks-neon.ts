/** Whether a server supports Neon's WebSocket, which a plain PostgreSQL does not. */
import { randomBytes } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

import type { Target } from './target.ts';

/** On this machine, a server responds immediately or not at all, so a longer timeout costs nothing. */
const LOCAL_TIMEOUT_MS = 5000;
const REMOTE_TIMEOUT_MS = 2000;

/**
 * Whether the server accepts a WebSocket at the address that Neon's driver would use: without TLS on this machine, with TLS elsewhere.
 * Sends no user and no password. Never throws.
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
