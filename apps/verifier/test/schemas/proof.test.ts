/** Proves a few schemas. `pnpm test:schemas` and the stress tests prove hundreds. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { proveSchema } from './prove-schema.ts';
import { type Server, startServer } from './server.ts';
import { fixtureSubjects, generatedSubject } from './subject.ts';

let server: Server;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server[Symbol.asyncDispose]());

const fixtures = fixtureSubjects().filter(({ title }) => title === 'better-auth');

it.each([generatedSubject(1), ...fixtures])(
  'the intact schema $title raises no finding, and its sabotages are found',
  async (subject) => {
    const proof = await proveSchema(subject, server, 1);
    const missed = proof.tried.filter(({ isCaught }) => !isCaught);
    expect({ faults: proof.faults, missed }).toEqual({ faults: [], missed: [] });
  },
);
