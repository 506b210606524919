/**
 * Tests the checks of row security and privileges on PostgreSQL 18 and 15: what each check finds, its remedy, and similar harmless cases.
 */
import { fetchPostgres } from '@todo/local-neon/vitest';
import { afterAll, beforeAll, describe } from 'vitest';

import { type Server, startServer } from './schemas/server.ts';
import { HARMLESS, POISONS } from './security/cases.ts';
import { testEachCase } from './security/each-case.ts';

describe.each([
  [18, async (): Promise<string | undefined> => undefined],
  [15, () => fetchPostgres('15.18.0-beta.17')],
] as const)('PostgreSQL %i', (_, programs) => {
  let server: Server;

  beforeAll(async () => {
    server = await startServer(await programs());
  });

  afterAll(() => server[Symbol.asyncDispose]());

  testEachCase(POISONS, HARMLESS, () => server);
});
