/** Copies the fixture package, so that a test can change it. */
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'vitest';

import { temporaryFolder } from './command.ts';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

export interface PackageCopy {
  readonly folder: string;
  readonly program: string;
}

export async function packageCopy(): Promise<PackageCopy> {
  const folder = await temporaryFolder();
  await cp(join(packageFolder, 'test', 'fixture'), folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'fixture', type: 'module' }));
  await symlink(join(packageFolder, 'node_modules'), join(folder, 'node_modules'));
  const program = join(folder, 'cli.js');
  const source = await readFile(program, 'utf8');
  const commands = new URL('../dist/commands/index.js', import.meta.url).href;
  await writeFile(program, source.replace('@todo/migrator/commands', commands));
  return { folder, program };
}

/** Copies the package with one line of the tables replaced. */
export async function packageWith(line: string, replacement: string): Promise<PackageCopy> {
  const copy = await packageCopy();
  const file = join(copy.folder, 'schema.js');
  const source = await readFile(file, 'utf8');
  expect(source).toContain(line);
  await writeFile(file, source.replace(line, replacement));
  return copy;
}
