import { beforeEach, describe, expect, test, vi } from 'vitest';

import { createPreAuthLimit } from '../src/listener/pre-auth-limit.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** Two of them may be there, each for a minute, and in a crowd for a second. */
function open(): { strangers: ReturnType<typeof createPreAuthLimit<{ name: string }>>; dismissed: string[] } {
  const dismissed: string[] = [];
  const strangers = createPreAuthLimit<{ name: string }>({
    max: 2,
    timeoutMs: 60_000,
    graceMs: 1000,
    dismiss: ({ name }) => dismissed.push(name),
  });
  return { strangers, dismissed };
}

const [ann, bob, cid, dot] = ['ann', 'bob', 'cid', 'dot'].map((name) => ({ name })) as [Name, Name, Name, Name];
type Name = { name: string };

describe('a stranger', () => {
  test('is dismissed when his time is over, once', () => {
    const { strangers, dismissed } = open();
    strangers.meet(ann);
    vi.advanceTimersByTime(59_000);
    expect(dismissed).toEqual([]);
    vi.advanceTimersByTime(120_000);
    expect(dismissed).toEqual(['ann']);
  });

  test('who has said what he wants is dismissed no more', () => {
    const { strangers, dismissed } = open();
    strangers.meet(ann);
    strangers.forget(ann);
    vi.advanceTimersByTime(120_000);
    expect(dismissed).toEqual([]);
  });

  test('makes room for a newcomer when he is the oldest of too many', () => {
    const { strangers, dismissed } = open();
    for (const stranger of [ann, bob]) strangers.meet(stranger);
    vi.advanceTimersByTime(1000);
    strangers.meet(cid);
    expect(dismissed).toEqual(['ann']);
  });

  test('stays for a moment, however many come with him', () => {
    const { strangers, dismissed } = open();
    for (const stranger of [ann, bob, cid, dot]) strangers.meet(stranger);
    vi.advanceTimersByTime(999);
    expect(dismissed).toEqual([]);
    vi.advanceTimersByTime(10);
    expect(dismissed).toEqual(['ann', 'bob', 'cid']);
  });
});
