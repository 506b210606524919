import { once } from 'node:events';
import { createServer } from 'node:net';

import { expect, onTestFinished, test, vi } from 'vitest';

import { withSession } from '../src/with-session.ts';

test('withSession fails after 120 s when a server accepts the connection and does not respond', async () => {
  const suspended = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(suspended, 'listening');
  onTestFinished(() => void suspended.close());
  const { port } = suspended.address() as { port: number };

  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const asked = withSession(`postgresql://todo:secret@127.0.0.1:${port}/todo`, (client) => client.query('select 1'));
  const refused = asked.catch((error: unknown) => error);
  await once(suspended, 'connection');
  vi.advanceTimersByTime(120_000);
  expect(await refused).toMatchObject({
    code: 'NOT_RUNNING',
    message: expect.stringMatching(new RegExp(`^The server on 127.0.0.1:${port} did not respond for 120 s.*Ctrl-Z`)),
  });
});
