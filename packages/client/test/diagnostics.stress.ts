/** The 200 secrets of `diagnostics.test.ts` and `otel.test.ts`, a hundred times. */
import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { connectHttp, connectWebSocket } from './fixture/app.ts';
import { plantSecrets, secretsIn } from './plant-secrets.ts';
import { recordEvents } from './record-events.ts';
import { startTracing, takeSpans } from './record-spans.ts';

const { url } = await testBranch();
startTracing();

test('none of 20,000 secrets is in an event or in a span, over both transports', async () => {
  const { events, retries } = recordEvents();
  await using sessions = connectWebSocket(url);
  const secrets = [...(await plantSecrets(connectHttp(url), 10_000)), ...(await plantSecrets(sessions, 10_000))];
  const spans = takeSpans().map((span) => [span.name, span.attributes, span.status, span.events, span.links]);
  expect(secrets).toHaveLength(20_000);
  expect(events.length).toBeGreaterThan(40_000);
  expect(spans.length).toBeGreaterThan(20_000);
  expect(secretsIn(JSON.stringify([events, retries]))).toEqual([]);
  expect(secretsIn(JSON.stringify(spans))).toEqual([]);
});
