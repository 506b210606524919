/** Whether Neon's protocol is spoken where a URL leads, or PostgreSQL's alone. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';

import { isLoopback } from '@todo/db';

/** How long to wait for either answer; who is silent for longer is left to the checks, which name it. */
const TIMEOUT_MS = 5000;

/**
 * True only for a server that answers as PostgreSQL does and does not answer HTTP where Neon's driver would look for it. What
 * cannot be reached, or read, is no plain PostgreSQL. Never throws.
 */
export async function isPlainPostgres(url: string): Promise<boolean> {
  if (!URL.canParse(url.trim())) return false;
  const { hostname, port } = new URL(url.trim());
  if (/\.neon\.(tech|build)$/i.test(hostname)) return false;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (await answersHttp(url, host, Number(port || 5432))) return false;
  return await answersPostgres(host, Number(port || 5432));
}

/** Any answer will do, an error's too. Not `fetch`, which refuses some ports. */
async function answersHttp(url: string, host: string, port: number): Promise<boolean> {
  const options = { method: 'OPTIONS', path: '/sql', timeout: TIMEOUT_MS, agent: false };
  const request = isLoopback(url)
    ? requestHttp({ ...options, host, port })
    : requestHttps({ ...options, host: host.replace(/^[^.]+/, 'api') });
  return await new Promise((resolve) => {
    request.once('response', (response) => {
      response.destroy();
      resolve(true);
    });
    request.once('error', () => resolve(false));
    request.once('timeout', () => {
      request.destroy();
      resolve(false);
    });
    request.end();
  });
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** PostgreSQL alone answers an SSLRequest with one letter: S, or N. */
async function answersPostgres(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  socket.setTimeout(TIMEOUT_MS);
  const answer = await new Promise<string>((resolve) => {
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', (bytes) => resolve(bytes.toString('latin1')));
    for (const event of ['error', 'close', 'timeout']) socket.once(event, () => resolve(''));
  });
  socket.destroy();
  return answer === 'S' || answer === 'N';
}
