import { beforeEach, describe, expect, test, vi } from 'vitest';

import { createPreAuthLimit } from '../src/listener/pre-auth-limit.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** Allows two connections, each for a minute; a connection younger than a second is not closed. */
function open(): { limit: ReturnType<typeof createPreAuthLimit<{ name: string }>>; closed: string[] } {
  const closed: string[] = [];
  const limit = createPreAuthLimit<{ name: string }>({
    max: 2,
    timeoutMs: 60_000,
    graceMs: 1000,
    close: ({ name }) => closed.push(name),
  });
  return { limit, closed };
}

const [ann, bob, cid, dot] = ['ann', 'bob', 'cid', 'dot'].map((name) => ({ name })) as [Name, Name, Name, Name];
type Name = { name: string };

describe('a connection that has not authenticated', () => {
  test('is closed once, at its timeout', () => {
    const { limit, closed } = open();
    limit.add(ann);
    vi.advanceTimersByTime(59_000);
    expect(closed).toEqual([]);
    vi.advanceTimersByTime(120_000);
    expect(closed).toEqual(['ann']);
  });

  test('is not closed after it has authenticated', () => {
    const { limit, closed } = open();
    limit.add(ann);
    limit.remove(ann);
    vi.advanceTimersByTime(120_000);
    expect(closed).toEqual([]);
  });

  test('is closed for a new connection when it is the oldest of too many', () => {
    const { limit, closed } = open();
    for (const connection of [ann, bob]) limit.add(connection);
    vi.advanceTimersByTime(1000);
    limit.add(cid);
    expect(closed).toEqual(['ann']);
  });

  test('stays for the grace time, however many connections come at once', () => {
    const { limit, closed } = open();
    for (const connection of [ann, bob, cid, dot]) limit.add(connection);
    vi.advanceTimersByTime(999);
    expect(closed).toEqual([]);
    vi.advanceTimersByTime(10);
    expect(closed).toEqual(['ann', 'bob', 'cid']);
  });
});
