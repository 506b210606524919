import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LocalNeon, startLocalNeon } from '../src/index.ts';
import { ask } from './connect.ts';
import { createDataFolder, type DataFolder } from './data-folder.ts';
import { startProgram } from './program.ts';

const PROCESSES = 4;
const BRANCHES = 50;
const DOOR = fileURLToPath(new URL('../dist/index.js', import.meta.url));

/** Joins the server, creates its share of the branches at once, queries each, and deletes it. */
const PROGRAM = `
  import { Client } from ${JSON.stringify(import.meta.resolve('pg'))};
  import { startLocalNeon } from ${JSON.stringify(DOOR)};
  const [dataDir, name, count] = process.argv.slice(1);
  const neon = await startLocalNeon({ dataDir });
  const seen = await Promise.all(Array.from({ length: Number(count) }, async (_, index) => {
    const branch = await neon.branches.create(name + '_' + index);
    const client = new Client({ connectionString: branch.url });
    await client.connect();
    const { rows } = await client.query("insert into origin values ('own') returning (select count(*)::int from origin) as n");
    await client.end();
    await neon.branches.delete(branch.name);
    return rows[0].n;
  }));
  console.log(JSON.stringify(seen));
  await neon.close();
`;

let place: DataFolder;
let neon: LocalNeon;
beforeAll(async () => {
  place = await createDataFolder();
  neon = await startLocalNeon({ dataDir: place.dataDir });
});
afterAll(async () => {
  await neon.close();
  await place.remove();
});

/** The folders of PostgreSQL's databases. */
async function readDatabases(): Promise<string[]> {
  return (await readdir(join(place.dataDir, 'postgres', 'base'))).toSorted();
}

test(`${BRANCHES} branches created and dropped by ${PROCESSES} processes at once leave no files`, async () => {
  await ask(neon.url, `create table origin as select 'template' as name from generate_series(1, 1000)`);
  const before = await readDatabases();
  const shares = Array.from({ length: PROCESSES }, (_, index) => Math.floor((BRANCHES + index) / PROCESSES));
  const programs = shares.map((share, index) =>
    startProgram([process.execPath, '--input-type=module', '-e', PROGRAM, place.dataDir, `p${index}`, String(share)]),
  );
  const ends = await Promise.all(programs.map(({ exited }) => exited));
  expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(ends.map(() => [0, '']));
  const seen = ends.flatMap(({ stdout }) => JSON.parse(stdout) as number[]);
  expect(seen).toEqual(Array.from({ length: BRANCHES }, () => 1000));
  expect((await neon.branches.list()).map(({ name }) => name)).toEqual(['todo']);
  await expect.poll(readDatabases).toEqual(before);
});
