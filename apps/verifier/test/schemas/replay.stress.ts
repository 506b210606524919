import { fetchPostgres } from '@todo/local-neon/vitest';
import { describe, expect, it } from 'vitest';

import { replayTwice } from './replay.ts';
import { startServer } from './server.ts';
import { fixtureSubjects, generatedSubject } from './subject.ts';

const SEEDS = Array.from({ length: 20 }, (_, place) => place + 1);

describe.each([
  [18, async (): Promise<string | undefined> => undefined],
  [15, () => fetchPostgres('15.18.0-beta.17')],
] as const)('PostgreSQL %i', (_, programs) => {
  it('the migrations of every schema run twice, and create equal databases', async () => {
    await using server = await startServer(await programs());
    for (const subject of [...fixtureSubjects(), ...SEEDS.map(generatedSubject)]) {
      expect({ title: subject.title, differences: await replayTwice(subject, server) }).toEqual({
        title: subject.title,
        differences: [],
      });
    }
  });
});
