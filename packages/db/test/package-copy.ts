/** This package again, to change what its commands read. */
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
  for (const part of ['dist', 'src', 'migrations', 'drizzle.config.ts', 'package.json']) {
    await cp(join(packageFolder, part), join(folder, part), { recursive: true });
  }
  await symlink(join(packageFolder, 'node_modules'), join(folder, 'node_modules'));
  return { folder, program: join(folder, 'dist', 'cli.js') };
}

/** With one line of the `todo` table replaced. */
export async function packageWith(line: string, replacement: string): Promise<PackageCopy> {
  const copy = await packageCopy();
  for (const file of ['src/schema/todo.ts', 'dist/schema/todo.js']) {
    const source = await readFile(join(copy.folder, file), 'utf8');
    expect(source).toContain(line);
    await writeFile(join(copy.folder, file), source.replace(line, replacement));
  }
  return copy;
}
