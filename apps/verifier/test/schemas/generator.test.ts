import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { FEATURES, featuresOf, namesOf } from './features.ts';
import { generateSchema } from './generate-schema.ts';
import { bytesOf, NAME_BYTES_MAX } from './names.ts';
import { writeMigrations } from './write-migrations.ts';

async function sqlOf(seed: number): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'schemas-'));
  try {
    return await writeMigrations(folder, generateSchema(seed).versions);
  } finally {
    await rm(folder, { recursive: true });
  }
}

it('the same seed draws the same SQL, and another seed draws different SQL', async () => {
  expect(await sqlOf(7)).toEqual(await sqlOf(7));
  expect(await sqlOf(7)).not.toEqual(await sqlOf(8));
});

it('300 seeds draw every feature of the list', () => {
  const drawn = new Set<string>();
  for (let seed = 1; seed <= 300; seed += 1)
    for (const feature of featuresOf(generateSchema(seed).plan)) drawn.add(feature);
  expect(FEATURES.filter((feature) => !drawn.has(feature))).toEqual([]);
});

it('no name is longer than PostgreSQL allows', () => {
  const names = Array.from({ length: 100 }, (_, seed) => namesOf(generateSchema(seed).plan)).flat();
  expect(names.filter((name) => bytesOf(name) > NAME_BYTES_MAX)).toEqual([]);
});

it('some schemas have one migration, and some have several', async () => {
  const counts = await Promise.all(Array.from({ length: 12 }, async (_, seed) => (await sqlOf(seed)).length));
  expect(new Set(counts)).toEqual(new Set([1, 2, 3]));
});
