import { asyncProperty } from 'fast-check';
import { expect, inject, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { fuzz, sayInWebSocket, sayToPort, sayToSql, targetOf, toPort, toSql, toWebSocket } from './fuzz.ts';

const target = targetOf((await testBranch()).url);
const RUNS = inject('fuzzRuns');
const SOUND = { row: { n: 1 }, sessions: [] };

test('the server survives any bytes on its port, closes the connection and keeps no session', async () => {
  const property = asyncProperty(toPort(target), (words) => sayToPort(target, words));
  expect(await fuzz(target, property, RUNS)).toEqual(SOUND);
});

test('any body posted to /sql gets a response in JSON with status 200 or 400, and no session is kept', async () => {
  const property = asyncProperty(toSql, async (body) => {
    expect([200, 400]).toContain(await sayToSql(target, body));
  });
  expect(await fuzz(target, property, RUNS)).toEqual(SOUND);
});

test('the server survives any frames in a WebSocket, closes it and keeps no session', async () => {
  const property = asyncProperty(toWebSocket(target), (frames) => sayInWebSocket(target, frames));
  expect(await fuzz(target, property, RUNS)).toEqual(SOUND);
});
