import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';

import { connectHttp, connectWebSocket } from '@todo/db';
import { describe, expect, it } from 'vitest';

import { diagnose } from '../src/diagnose.ts';

/** As Neon's proxy says it: all under one code. */
const proxy = (message: string) => Object.assign(new Error(message), { name: 'NeonDbError', code: 'XX000' });

const node = (code: string) => Object.assign(new Error(''), { code });

describe('what answers without speaking the protocol', () => {
  it.each<[what: string, server: () => Server]>([
    // As PostgreSQL does with a startup packet of a billion bytes, which is how it reads "POST".
    ['hangs up', () => createServer((socket) => socket.once('data', () => socket.destroy()))],
    ['is a web server', () => createHttpServer((_, response) => response.writeHead(404).end('<html>'))],
  ])('is named as such over either transport: one that %s', async (_, create) => {
    await using server = await listen(create());
    const db = connectWebSocket(server.url);
    const failures = await Promise.all(
      [connectHttp(server.url).execute('select 1'), db.execute('select 1')].map(failure),
    );
    for (const error of failures) expect(diagnose(error)?.cause).toContain("does not speak Neon's protocol");
  });
});

describe('an error in words of others', () => {
  it.each<[error: Error, cause: RegExp]>([
    [new AggregateError([node('ECONNREFUSED'), node('ECONNREFUSED')], ''), /^Nothing listens/],
    [new TypeError('fetch failed', { cause: node('UND_ERR_CONNECT_TIMEOUT') }), /did not answer in time/],
    [proxy("password authentication failed for user 'x'"), /not accepted/],
    [proxy('This IP address 1.2.3.4 is not allowed to connect to this endpoint.'), /allow-list/],
    [proxy('Control plane request failed: endpoint cannot be found'), /endpoint is gone/],
    [proxy('Control plane request failed'), /could not wake/],
    [proxy('Your account or project has exceeded the compute time quota.'), /quota/],
    [node('DEPTH_ZERO_SELF_SIGNED_CERT'), /certificate/],
    [Object.assign(new Error('sorry, too many clients already'), { code: '53300' }), /no connection left/],
    [Object.assign(new Error('relation "todo" does not exist'), { code: '42P01' }), /table is missing/],
    [Object.assign(new Error('odd'), { code: '22012' }), /^PostgreSQL refused: odd \(SQLSTATE 22012\)$/],
  ])('%s is translated', (error, cause) => {
    expect(diagnose(error)?.cause).toMatch(cause);
  });

  it('is not explained when it is a bug', () => {
    expect(diagnose(new TypeError('x is not a function'))).toBeUndefined();
  });

  it('is repeated without a password, and without the parameters of a query', () => {
    const cause = Object.assign(new Error('no pg_hba entry for postgresql://todo:hunter2@host/todo'), {
      code: '28P02',
    });
    const error = Object.assign(new Error('Failed query: select $1\nparams: hunter2', { cause }), { name: 'Error' });
    const text = JSON.stringify(diagnose(error));
    expect(text).toContain('postgresql://todo:***@host/todo');
    expect(text).not.toContain('hunter2');
  });
});

async function failure(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function listen(server: Server): Promise<AsyncDisposable & { url: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgresql://todo:secret@127.0.0.1:${port}/todo`,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}
