import { setImmediate as settled } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { createSemaphore } from '../src/sql/semaphore.ts';

const neverAborts = (): AbortSignal => new AbortController().signal;

test('acquire takes a free place at once, and waiting callers get places in order of arrival', async () => {
  const semaphore = createSemaphore(2);
  const acquired: number[] = [];
  const calls = [1, 2, 3, 4].map((caller) =>
    Promise.resolve(semaphore.acquire(neverAborts)).then(() => acquired.push(caller)),
  );
  await settled();
  expect(acquired).toEqual([1, 2]);
  semaphore.release();
  await settled();
  expect(acquired).toEqual([1, 2, 3]);
  semaphore.release();
  await Promise.all(calls);
  for (const _ of [3, 4]) semaphore.release();
  // All places are free again.
  for (const _ of [5, 6]) await semaphore.acquire(neverAborts);
});

test('an aborted caller leaves its place in the queue to the next caller', async () => {
  const semaphore = createSemaphore(1);
  await semaphore.acquire(neverAborts);
  const controller = new AbortController();
  const aborted = semaphore.acquire(() => controller.signal);
  const next = semaphore.acquire(neverAborts);
  controller.abort();
  await expect(aborted).rejects.toThrow('aborted');
  semaphore.release();
  await next;
});

test('a caller whose signal has already aborted does not wait', async () => {
  const semaphore = createSemaphore(1);
  await semaphore.acquire(neverAborts);
  await expect(semaphore.acquire(() => AbortSignal.abort())).rejects.toThrow('aborted');
});
