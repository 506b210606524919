import { once } from 'node:events';
import { request } from 'node:http';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { type LocalNeon, startLocalNeon } from '../src/index.ts';
import { toOrigin } from '../src/listener/origin-policy.ts';

const PAGE = 'http://localhost:3000';
/** A name for this machine, from a user's configuration. */
const NAMED = 'http://db.localtest.me:4444';
const OTHER_PAGE = 'https://example.com';

let neon: LocalNeon;
beforeAll(async () => {
  neon = await startLocalNeon({ allowOrigin: [`${PAGE}/`, NAMED] });
});
afterAll(() => neon.close());

interface HttpResponse {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
}

/** `fetch` sets Origin itself. */
async function ask(method: string, headers: Record<string, string>): Promise<HttpResponse> {
  const { port } = new URL(neon.url);
  const connection = { 'neon-connection-string': neon.url };
  const sent = request({ host: 'localhost', port, path: '/sql', method, headers: { ...connection, ...headers } });
  sent.end(method === 'POST' ? '{"query":"select 1"}' : undefined);
  const [response] = await once(sent, 'response');
  response.resume();
  return { status: response.statusCode, headers: response.headers };
}

describe('a page of an allowed origin', () => {
  test('may send a request and read the response', async () => {
    const { status, headers } = await ask('POST', { origin: PAGE });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'access-control-allow-origin': PAGE, vary: 'Origin' });
  });

  test('may send every Neon header and read those of the response', async () => {
    const { status, headers } = await ask('OPTIONS', { origin: PAGE, 'access-control-request-method': 'POST' });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      allow: 'POST, OPTIONS',
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-private-network': 'true',
      'access-control-max-age': '86400',
    });
    const allowed = String(headers['access-control-allow-headers']).toLowerCase().split(', ');
    expect(allowed).toEqual(
      expect.arrayContaining([
        'authorization',
        'neon-connection-string',
        'neon-raw-text-output',
        'neon-array-mode',
        'neon-pool-opt-in',
        'neon-batch-isolation-level',
        'neon-batch-read-only',
        'neon-batch-deferrable',
      ]),
    );
    expect(headers['access-control-expose-headers']).toContain('Neon-Request-Id');
  });

  test('may open a WebSocket', async () => {
    const webSocket = new WebSocket(`ws://localhost:${new URL(neon.url).port}/v2`, { origin: PAGE });
    await expect(once(webSocket, 'open')).resolves.toEqual([]);
    webSocket.terminate();
  });
});

describe('a page of another origin', () => {
  test.each(['POST', 'OPTIONS', 'GET'])('is refused at %s, without CORS headers', async (method) => {
    const { status, headers } = await ask(method, { origin: OTHER_PAGE });
    expect(status).toBe(403);
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['neon-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([`${PAGE}.example.com`, 'http://localhost:3001', 'https://localhost:3000', 'null'])(
    'is also refused as %s',
    async (origin) => {
      expect((await ask('POST', { origin })).status).toBe(403);
    },
  );
});

test.each([
  ['db.localtest.me:4444', 200],
  ['DB.localtest.ME:4444', 200],
  ['db.localtest.me.:4444', 200],
  ['db.localtest.me:4445', 403],
  ['db.localtest.me', 403],
  ['localtest.me:4444', 403],
])('the Host of an allowed origin is accepted with its port: %s gets %i', async (host, status) => {
  expect((await ask('POST', { host })).status).toBe(status);
});

test.each([
  ['LOCALHOST', 200],
  ['localhost.', 200],
  ['LocalHost.:80', 200],
  ['127.0.0.1.', 200],
  ['localhost..', 403],
  ['.localhost', 403],
  ['localhost.example.com', 403],
])('a loopback Host is accepted in any case and with a dot at the end: %s gets %i', async (host, status) => {
  expect((await ask('POST', { host })).status).toBe(status);
});

test('by default every page is refused, and OPTIONS without an Origin is allowed', async () => {
  const { status, headers } = await ask('OPTIONS', {});
  expect(status).toBe(200);
  expect(headers).toMatchObject({ allow: 'POST, OPTIONS', 'access-control-allow-methods': 'POST, OPTIONS' });
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

test('toOrigin writes an origin as browsers send it', () => {
  expect(toOrigin('HTTP://LocalHost:80/')).toBe('http://localhost');
  expect(toOrigin('https://app.example:8443')).toBe('https://app.example:8443');
});

test.each(['*', 'localhost', 'localhost:3000', 'http://localhost/path', 'file:///page.html'])(
  '%s is not an origin, and a start with it fails',
  async (text) => {
    await expect(startLocalNeon({ allowOrigin: [text] })).rejects.toThrow(TypeError);
  },
);
