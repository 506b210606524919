/** Tests that each limit still exists. The generator should draw a feature that drizzle-kit supports by now. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type LocalNeon, startLocalNeon } from '@todo/local-neon';
import { migrate } from '@todo/migrator';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { KIT_LIMITS } from './kit-limits.ts';
import { writeMigrations } from './write-migrations.ts';

let neon: LocalNeon;

beforeAll(async () => {
  neon = await startLocalNeon();
});

afterAll(() => neon.close());

it.each(KIT_LIMITS)('drizzle-kit cannot generate $feature: $because', async ({ versions, wanted }) => {
  const folder = await mkdtemp(join(tmpdir(), 'schemas-'));
  const branch = await neon.branches.create('limit', { from: 'template1' });
  const run = async () => {
    const texts = await writeMigrations(folder, versions());
    await migrate(branch.url, folder);
    if (wanted !== undefined && !texts.at(-1)?.includes(wanted)) throw new Error(`the SQL has no ${wanted}`);
  };
  try {
    await expect(run()).rejects.toBeInstanceOf(Error);
  } finally {
    await neon.branches.delete(branch.name);
    await rm(folder, { recursive: true });
  }
});
