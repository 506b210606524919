/** docs/from-sqlmodel.md: its program prints the documented output, and the things in its tables exist. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { emptyBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { run } from './command.ts';
import { promisedOutput, runSnippet, snippetOf } from './snippets.ts';

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');

test('the TypeScript of the page is one program that prints the output in its comments', async () => {
  const { url } = await emptyBranch();
  const program = await snippetOf('docs/from-sqlmodel.md');
  expect(await runSnippet(program, url)).toBe(promisedOutput(program));
});

test('the commands, flags and files in the page exist', async () => {
  const page = await read('docs/from-sqlmodel.md');
  const { scripts } = JSON.parse(await read('package.json'));
  const commands = [...page.matchAll(/pnpm (db:([a-z]+))([^`]*)`/g)];
  expect(commands.length).toBeGreaterThan(8);
  for (const [, script = '', command = '', rest = ''] of commands) {
    expect(Object.keys(scripts)).toContain(script);
    const help = await run([command, '--help']);
    for (const [flag] of rest.matchAll(/--[a-z-]+/g)) expect(help.stdout).toContain(flag);
  }
  const files = [...page.matchAll(/\]\(((?!http)[^)#]+)/g)].map(([, path = '']) => path);
  expect(files.filter((path) => !existsSync(new URL(`../../../docs/${path}`, import.meta.url)))).toEqual([]);
});

test('the engine options in the page exist and have the documented defaults', async () => {
  const page = await read('docs/from-sqlmodel.md');
  const settings = await read('packages/client/src/pool/pool-settings.ts');
  const options = [...page.matchAll(/(\w+(?:Ms|Max|Kept)): ([\d_]+)/g)];
  expect(options).not.toEqual([]);
  for (const [, name, value] of options) expect(settings).toContain(`${name}: { byDefault: ${value},`);
});
