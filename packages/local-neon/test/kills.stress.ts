import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startLocalNeon } from '../src/index.ts';
import { ask, connectTcp } from './connect.ts';
import { createDataFolder, type DataFolder } from './data-folder.ts';
import { commandsNaming } from './processes.ts';
import { startCli, urlIn } from './program.ts';

let place: DataFolder;
let temporary: string;
beforeAll(async () => {
  place = await createDataFolder();
  temporary = await mkdtemp(join(tmpdir(), 'kills-'));
  await chmod(temporary, 0o1777);
});
afterAll(async () => {
  await place.remove();
  await rm(temporary, { recursive: true, force: true });
});

const ROUNDS = 100;
/** Somewhat longer than a start takes. */
const LATEST_KILL_MS = 600;

/** Writes one row after the other until the server is gone. Returns the rows whose commit was confirmed. */
async function write(url: string, from: number): Promise<number[]> {
  const confirmed: number[] = [];
  try {
    const client = await connectTcp(url);
    await client.query('create table if not exists written (n int)');
    for (let n = from; ; n += 1) {
      await client.query('insert into written values ($1)', [n]);
      confirmed.push(n);
    }
  } catch {
    return confirmed;
  }
}

test(`${ROUNDS} starts and kills in a row lose no committed row and leave no process, folder or socket`, async () => {
  const env = { PATH: process.env.PATH, TMPDIR: temporary };
  const confirmed: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const isTemporary = round % 5 === 4;
    const program = startCli(isTemporary ? [] : ['--data', place.dataDir], { env });
    const writing = program.firstLine.then((line) => write(urlIn(line), round * 1_000_000)).catch(() => []);
    // Half of the servers are killed while they start, half during writes.
    if (round % 2 === 1) await program.firstLine;
    // Times that are spread evenly, in mixed order.
    await delay((round * 389) % LATEST_KILL_MS);
    program.child.kill('SIGKILL');
    await program.exited;
    const rows = await writing;
    if (!isTemporary) confirmed.push(...rows);
  }
  await expect.poll(() => commandsNaming(temporary)).toEqual([]);
  await expect.poll(() => readdir(temporary)).toEqual([]);

  const neon = await startLocalNeon({ dataDir: place.dataDir });
  const rows = await ask(neon.url, 'select n from written');
  await neon.close();
  const kept = new Set(rows.map(({ n }) => n));
  expect(confirmed.length).toBeGreaterThan(ROUNDS);
  expect(confirmed.filter((n) => !kept.has(n))).toEqual([]);
  expect(await commandsNaming(place.folder)).toEqual([]);
  expect((await readdir(place.dataDir)).toSorted()).toEqual(['postgres', 'postgres.log', 'settings.json']);
});
