import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { WriteStream } from 'node:tty';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { checks } from './prove.ts';
import { startLiveLine } from '../src/report/live-line.ts';
import { result } from './example-report.ts';

/** Collects the output of a terminal with that width. Undefined stands for a pipe. */
function watch(columns: number | undefined): { readonly seen: () => string; readonly stream: WriteStream } {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const cursor = { clearLine: () => {}, cursorTo: () => {}, moveCursor: () => {} };
  // The fake has only the members of a terminal that are used.
  const terminal = Object.assign(stream, {
    isTTY: columns !== undefined,
    columns,
    ...cursor,
  }) as unknown as WriteStream;
  return { seen: () => stripVTControlCharacters(chunks.join('')), stream: terminal };
}

const [first, second] = checks as [(typeof checks)[number], (typeof checks)[number]];

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe('the progress line', () => {
  it('shows finished and running checks, time and failures on a terminal', () => {
    // In CI the spinner does not move.
    vi.stubEnv('CI', undefined);
    const { seen, stream } = watch(200);
    const live = startLiveLine(2, stream);
    live.started(first);
    live.started(second);
    live.ended(result(first.id, 'fail'));
    live.note('a note');
    live.stop();
    expect(seen()).toMatch(new RegExp(`0/2  \\d+\\.\\d s  ${first.id}, ${second.id}`));
    expect(seen()).toMatch(new RegExp(`1/2  \\d+\\.\\d s  1 failed  ${second.id}`));
    expect(seen()).toContain('a note\n');
  });

  it('never wraps, and stops its timers', () => {
    vi.stubEnv('CI', undefined);
    vi.useFakeTimers();
    const { seen, stream } = watch(20);
    const live = startLiveLine(2, stream);
    live.started(first);
    live.started(second);
    live.stop();
    expect(seen()).toContain('0/2  ');
    expect(seen()).not.toContain(second.id);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('prints only notes when the output is not a terminal', () => {
    const { seen, stream } = watch(undefined);
    const live = startLiveLine(2, stream);
    live.started(first);
    live.ended(result(first.id, 'pass'));
    live.note('a note');
    live.stop();
    expect(seen()).toBe('a note\n');
  });
});
