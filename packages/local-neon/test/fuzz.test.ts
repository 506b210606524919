import { asyncProperty } from 'fast-check';
import { expect, inject, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { fuzz, sayInWebSocket, sayToPort, sayToSql, targetOf, toPort, toSql, toWebSocket } from './fuzz.ts';

const target = targetOf((await testBranch()).url);
const RUNS = inject('fuzzRuns');
const SOUND = { answer: 1, sessions: [] };

test('whatever is said to the port, the server closes it, lives, and keeps no session', async () => {
  const property = asyncProperty(toPort(target), (words) => sayToPort(target, words));
  expect(await fuzz(target, property, RUNS)).toEqual(SOUND);
});

test('whatever is posted to /sql, the answer is JSON of status 200 or 400, and no session is kept', async () => {
  const property = asyncProperty(toSql, async (body) => {
    expect([200, 400]).toContain(await sayToSql(target, body));
  });
  expect(await fuzz(target, property, RUNS)).toEqual(SOUND);
});

test('whatever is in the frames of a WebSocket, the server closes it, lives, and keeps no session', async () => {
  const property = asyncProperty(toWebSocket(target), (frames) => sayInWebSocket(target, frames));
  expect(await fuzz(target, property, RUNS)).toEqual(SOUND);
});
