import { afterAll, beforeAll, expect, it } from 'vitest';

import { replayTwice } from './replay.ts';
import { type Server, startServer } from './server.ts';
import { generatedSubject } from './subject.ts';

let server: Server;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server[Symbol.asyncDispose]());

it.each([1, 2, 3, 4, 5, 6])('the migrations of seed %i run, and make the same database again', async (seed) => {
  expect(await replayTwice(generatedSubject(seed), server)).toEqual([]);
});
