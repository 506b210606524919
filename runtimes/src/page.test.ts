/** Runs the programs of docs/frameworks.md, as they are on that page, on their runtimes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { pageSections } from './page.js';
import { selectRows, ROWS } from './rows/index.js';
import type { Started } from './rows/started.js';
import { connectSession, type LocalNeon, migrate, startLocalNeon } from './workspace.js';

const sections = await pageSections();
let neon: LocalNeon;
before(async () => {
  neon = await startLocalNeon({ isJoinable: false });
  await migrate(neon.url);
  await using session = await connectSession(neon.url);
  await session.query(`insert into "user" (email, hashed_password) values ('ada@example.com', 'none')`);
  await session.query(`insert into todo (title, user_id) select n, 1 from generate_series(1, 3) n`);
});
after(() => neon.close());

void test('each section of the page has a program, and a runtime that runs it', () => {
  const run = new Set(ROWS.map(({ page }) => page?.section));
  for (const [heading, files] of sections) {
    assert.ok(Object.keys(files).length > 0, heading);
    assert.ok(run.has(heading), heading);
  }
  assert.equal(run.size, sections.size + (run.has(undefined) ? 1 : 0));
});

for (const { name, missing, page } of selectRows()) {
  if (page === undefined) continue;
  const { section, endsItself = false } = page;
  void test(`"${section}" of the page, on ${name}`, { skip: missing ?? false }, async () => {
    const files = sections.get(section);
    assert.ok(files);
    const server = await page.start(files, neon.url);
    try {
      const oneByOne = [await fetchBody(server), await fetchBody(server)];
      const atOnce = await Promise.all([fetchBody(server), fetchBody(server)]);
      for (const body of [...oneByOne, ...atOnce]) assert.deepEqual(body, { todos: 3 }, server.printed());
    } finally {
      const exitCode = await server.close();
      if (endsItself) assert.equal(exitCode, 0, server.printed());
    }
  });
}

/** The parsed body of the response; of an error page, the beginning of the text. */
async function fetchBody({ origin }: Started): Promise<unknown> {
  const response = await fetch(origin, { signal: AbortSignal.timeout(60_000) });
  const text = await response.text();
  return response.ok ? JSON.parse(text) : text.slice(0, 1000);
}
