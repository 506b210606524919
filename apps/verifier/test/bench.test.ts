/** Tests how `pnpm bench` measures and prints, without running a benchmark. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { startProgram } from '../../../bench/src/programs.ts';
import { measureRounds } from '../../../bench/src/rounds.ts';
import { toMarkdown } from '../../../bench/src/table.ts';

test('a contestant that does not end within its time limit is skipped with a note, and its process is ended', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'silent.mjs');
  await writeFile(file, 'setInterval(() => {}, 1000);');
  const notes: string[] = [];
  let ended: Promise<unknown> | undefined;
  const rounds = await measureRounds(
    {
      ours: async () => 1,
      silent: async () => {
        const program = startProgram(pathToFileURL(file), []);
        ended = program.ended;
        return Number(await program.readLine());
      },
      peer: async () => 2,
    },
    { rounds: 3, note: (text) => notes.push(text), timeLimitMs: 200 },
  );
  expect(rounds).toEqual([
    { ours: 1, peer: 2 },
    { ours: 1, peer: 2 },
    { ours: 1, peer: 2 },
  ]);
  expect(notes).toEqual(['silent left out: no result within 0.2 s']);
  await ended;
});

const never = () => new Promise<never>(() => {});

test('a benchmark fails if our contestant does not end in time', async () => {
  await expect(measureRounds({ ours: never }, { rounds: 1, note: () => {}, timeLimitMs: 50 })).rejects.toThrow(
    'The contestant `ours` did not end',
  );
});

test('a benchmark without a contestant named `ours` has no number for `ours`', () => {
  const result = {
    id: 'db-pages',
    title: '',
    unit: 'ms',
    values: { small: 1, large: 1.2 },
    ratio: 1.2,
    goal: null,
    holds: null,
  } as const;
  expect(toMarkdown([result]).split('\n').at(-1)).toBe('| `db-pages` |  | small 1.0 ms · large 1.2 ms | 1.20 |  |  |');
});
