import { setImmediate as settled } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { createSemaphore } from '../src/sql/semaphore.ts';

const staying = (): AbortSignal => new AbortController().signal;

test('so many are let in at once, the others in order of arrival as those leave', async () => {
  const turnstile = createSemaphore(2);
  const inside: number[] = [];
  const entered = [1, 2, 3, 4].map((visitor) =>
    Promise.resolve(turnstile.enter(staying)).then(() => inside.push(visitor)),
  );
  await settled();
  expect(inside).toEqual([1, 2]);
  turnstile.leave();
  await settled();
  expect(inside).toEqual([1, 2, 3]);
  turnstile.leave();
  await Promise.all(entered);
  for (const _ of [3, 4]) turnstile.leave();
  // All places are free again.
  for (const _ of [5, 6]) await turnstile.enter(staying);
});

test('who gives up waiting leaves his turn to the next', async () => {
  const turnstile = createSemaphore(1);
  await turnstile.enter(staying);
  const leaving = new AbortController();
  const given = turnstile.enter(() => leaving.signal);
  const next = turnstile.enter(staying);
  leaving.abort();
  await expect(given).rejects.toThrow('aborted');
  turnstile.leave();
  await next;
});

test('who has left before he would have to wait does not wait', async () => {
  const turnstile = createSemaphore(1);
  await turnstile.enter(staying);
  await expect(turnstile.enter(() => AbortSignal.abort())).rejects.toThrow('aborted');
});
