/** `shared()` under dev servers, which load a module again at each edit: the number of connections does not grow. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { createServer } from 'vite';

import { emptyFolder, writeFiles } from './folder.js';
import { pageSections } from './page.js';
import { nextProject, serveNext } from './rows/next.js';
import { missingNewerNode } from './rows/node.js';
import { connectSession, type LocalNeon, migrate, startLocalNeon } from './workspace.js';

const EDITS = 5;
/** The number of connections that one request uses at the same time. */
const AT_ONCE = 3;
const WAIT_MS = 60_000;

let neon: LocalNeon;
before(async () => {
  neon = await startLocalNeon({ isJoinable: false });
  await migrate(neon.url);
});
after(() => neon.close());

let databases = 0;
/** Counts the connections to a new database after each edit. */
async function countConnections(
  work: (url: string, afterEdit: () => Promise<void>) => Promise<void>,
): Promise<readonly number[]> {
  const { url } = await neon.branches.create(`reload_${(databases += 1)}`);
  await using session = await connectSession(neon.url);
  const counts: number[] = [];
  await work(url, async () => {
    const { rows } = await session.query(
      `select count(*)::int as n from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
      [new URL(url).pathname.slice(1)],
    );
    counts.push(Number(rows[0]?.['n']));
  });
  return counts;
}

/** The text of the page's module after an edit. Unless `isShared`, the call of `shared` is removed. */
async function databaseModule(isShared: boolean, edit: number): Promise<string> {
  const text = (await pageSections()).get('Next.js')?.['lib/db.ts'] ?? '';
  assert.match(text, /= shared\(\(\) => connect/);
  const module = isShared ? text : text.replace(/shared\(\(\) => (.*)\);/, '$1;');
  return `${module}\nexport const edit = ${edit};\n`;
}

const ROUTE = `import { sql } from 'drizzle-orm';
import { db, edit } from '../../lib/db';

export const dynamic = 'force-dynamic';

export async function GET() {
  await Promise.all(Array.from({ length: ${AT_ONCE} }, () => db.execute(sql\`select pg_sleep(0.1)\`)));
  return Response.json({ edit });
}
`;

function countUnderNext(isShared: boolean): Promise<readonly number[]> {
  return countConnections(async (url, afterEdit) => {
    const project = await nextProject(`next-reload-${isShared ? 'shared' : 'plain'}`, {
      'lib/db.ts': await databaseModule(isShared, 0),
      'app/todos/route.ts': ROUTE,
    });
    const server = await serveNext(project, 'dev', { DATABASE_URL: url });
    try {
      for (let edit = 0; edit < EDITS; edit += 1) {
        await writeFile(join(project, 'lib/db.ts'), await databaseModule(isShared, edit));
        await waitUntil(
          async () => {
            const response = await fetch(`${server.origin}/todos`, { signal: AbortSignal.timeout(WAIT_MS) });
            // While the server compiles, the response may come from the module before the edit, or be an error.
            const body = response.ok ? ((await response.json()) as { readonly edit: number }) : undefined;
            return body?.edit === edit;
          },
          () => server.printed(),
        );
        await afterEdit();
      }
    } finally {
      await server.close();
    }
  });
}

function countUnderVite(isShared: boolean): Promise<readonly number[]> {
  return countConnections(async (url, afterEdit) => {
    const root = await emptyFolder(`vite-reload-${isShared ? 'shared' : 'plain'}`);
    await writeFiles(root, { 'lib/db.ts': await databaseModule(isShared, 0), 'app/todos/route.ts': ROUTE });
    process.env['DATABASE_URL'] = url;
    const server = await createServer({
      root,
      configFile: false,
      appType: 'custom',
      logLevel: 'error',
      server: { middlewareMode: true, ws: false },
      optimizeDeps: { noDiscovery: true },
    });
    const databasesSeen = new Set<{ close(): Promise<void> }>();
    try {
      for (let edit = 0; edit < EDITS; edit += 1) {
        await writeFile(join(root, 'lib/db.ts'), await databaseModule(isShared, edit));
        await waitUntil(async () => {
          const route = await server.ssrLoadModule('/app/todos/route.ts');
          const response = (await route['GET']()) as Response;
          const { db } = await server.ssrLoadModule('/lib/db.ts');
          databasesSeen.add(db as { close(): Promise<void> });
          return ((await response.json()) as { readonly edit: number }).edit === edit;
        });
        await afterEdit();
      }
    } finally {
      await server.close();
      for (const db of databasesSeen) await db.close();
      delete process.env['DATABASE_URL'];
    }
  });
}

async function waitUntil(isDone: () => Promise<boolean>, printed = () => ''): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await isDone())) {
    assert.ok(Date.now() < deadline, `The edit was not loaded within ${WAIT_MS} ms\n${printed()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

for (const { name, under, skip } of [
  { name: '`next dev`', under: countUnderNext, skip: missingNewerNode ?? false },
  { name: 'vite', under: countUnderVite, skip: false },
]) {
  void test(`under ${name}, edits of a module with shared() leave no connections behind`, { skip }, async () => {
    const counts = await under(true);
    assert.ok(Math.max(...counts) <= AT_ONCE && Math.min(...counts) > 0, counts.join(', '));
  });

  // Without this test, the test above would prove nothing.
  void test(`under ${name}, edits of a module without shared() leave connections behind`, { skip }, async () => {
    const counts = await under(false);
    assert.ok((counts.at(-1) ?? 0) >= EDITS * AT_ONCE, counts.join(', '));
  });
}
