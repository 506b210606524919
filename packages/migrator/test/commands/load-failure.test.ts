/** A schema whose code throws an error: a command names the error and the place. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, test } from 'vitest';

import { run, temporaryFolder } from '../command.ts';

const commands = new URL('../../dist/commands/index.js', import.meta.url).href;

test.each([
  ["throw new TypeError('no such column');", 'TypeError: no such column', true],
  ['throw a; let a;', "ReferenceError: Cannot access 'a' before initialization", true],
  // Node.js gives no position for its own function.
  ["BigInt('x');", 'SyntaxError: Cannot convert x to a BigInt', true],
  ['throw null;', 'null', false],
])('%s', async (code, message, hasPlace) => {
  const folder = await temporaryFolder();
  const program = join(folder, 'cli.mjs');
  const schema = join(folder, 'database.mjs');
  await writeFile(
    program,
    `import { runCommand } from ${JSON.stringify(commands)};\nawait runCommand(() => import('./database.mjs'));\n`,
  );
  await writeFile(schema, `\n${code}\n`);
  const { exitCode, stdout, stderr } = await run(['status'], { program, cwd: folder });
  // The column is left out.
  const place = `    at ${pathToFileURL(schema).href}:2`;
  const lines = [`The definition of the database cannot be loaded: ${message}`, ...(hasPlace ? [place] : [])];
  expect(stderr.replaceAll(/(?<=:\d+):\d+$/gm, '')).toBe(`${lines.join('\n')}\n`);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
});
