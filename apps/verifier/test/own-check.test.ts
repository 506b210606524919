import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { testBranch } from '@todo/local-neon/vitest';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { app } from '../src/app.ts';
import type { Check } from '../src/check.ts';
import { checks } from './prove.ts';
import { openContext } from '../src/open-context.ts';
import { REPORTERS } from '../src/report/reporters.ts';
import { runChecks } from '../src/run-checks.ts';
import { verifyHere } from './cli.ts';
import { execute } from './database.ts';
import { targetOf } from './prove.ts';

const packageFolder = join(import.meta.dirname, '..');

let readme: string;
beforeAll(async () => void (readme = await readFile(join(packageFolder, 'README.md'), 'utf8')));

describe('the README of the verifier', () => {
  it('has an example check that passes on an intact database and finds its fault', async () => {
    const check = await loadSnippet(readme);
    const { url } = await testBranch();
    expect(await run(check, url)).toMatchObject([{ id: check.id, status: 'pass' }]);
    await execute(
      url,
      `insert into "user" (id, email, hashed_password) values (1, 'a@b.cc', '')`,
      `insert into todo (id, title, user_id) values (7, '  ', 1), (8, 'x', 1)`,
    );
    expect(await run(check, url)).toMatchObject([
      {
        id: check.id,
        status: 'warn',
        findings: [{ have: 'todo 7 has a blank title', why: check.why, fix: check.remedy }],
      },
    ]);
    await execute(url, check.remedy);
    expect(await run(check, url)).toMatchObject([{ status: 'pass' }]);
  });

  it('lists every option and every reporter, and no others', async () => {
    const { stdout } = await verifyHere(['--help']);
    const known = new Set(stdout.match(/--[a-z]+/g));
    known.delete('--help');
    expect(new Set(readme.match(/(?<=[\s`"])--[a-z]+/g))).toEqual(known);
    const table = Array.from(readme.matchAll(/^\| `(\w+)` +\|/gm), ([, name]) => name);
    expect(table).toEqual(Object.keys(REPORTERS));
  });
});

/** Saves the snippet as a file of this app, because the snippet imports from this app. */
async function loadSnippet(text: string): Promise<Check> {
  const [, code = ''] = /```ts\n(.*?)```/s.exec(text) ?? [];
  const folder = await mkdtemp(join(packageFolder, 'node_modules', '.own-check-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'own-check.ts');
  await writeFile(file, code.replace('../../../check.ts', '../../src/check.ts'));
  const [check] = Object.values((await import(pathToFileURL(file).href)) as Record<string, Check>);
  if (check === undefined) throw new Error('README.md has no check');
  return check;
}

async function run(check: Check, url: string) {
  const { contextFor, close } = await openContext(app, targetOf(url, url, false));
  try {
    return await runChecks([check], { catalog: [...checks, check], contextFor, mayWrite: false });
  } finally {
    await close();
  }
}
