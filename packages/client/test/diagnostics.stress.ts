/** The 200 secrets of `diagnostics.test.ts`, a hundred times. */
import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { connectHttp, connectWebSocket } from './fixture/app.ts';
import { plantSecrets, secretsIn } from './plant-secrets.ts';
import { recordEvents } from './record-events.ts';

const { url } = await testBranch();

test('none of 20,000 secrets is in an event, over both transports', async () => {
  const { events, retries } = recordEvents();
  await using sessions = connectWebSocket(url);
  const secrets = [...(await plantSecrets(connectHttp(url), 10_000)), ...(await plantSecrets(sessions, 10_000))];
  const text = JSON.stringify([events, retries]);
  expect(events.length).toBeGreaterThan(40_000);
  expect(secrets).toHaveLength(20_000);
  expect(secretsIn(text)).toEqual([]);
});
