/** This package as a deployment has it: compiled, with its migrations, without development dependencies. */
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { temporaryFolder } from './command.ts';

export interface DeployedPackage {
  readonly program: string;
  readonly cwd: string;
}

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** @param migrations a folder to have instead of this package's own. */
export async function deployedPackage(
  migrations: string = join(packageFolder, 'migrations'),
): Promise<DeployedPackage> {
  const cwd = await temporaryFolder();
  for (const part of ['dist', 'package.json'])
    await cp(join(packageFolder, part), join(cwd, part), { recursive: true });
  await cp(migrations, join(cwd, 'migrations'), { recursive: true });
  const { dependencies } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    const link = join(cwd, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(packageFolder, 'node_modules', name), link);
  }
  return { program: join(cwd, 'dist', 'cli.js'), cwd };
}
