/** The fixture as a deployment has it: with migrations and compiled tools, without development dependencies. */
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { temporaryFolder } from './command.ts';

export interface DeployedPackage {
  readonly program: string;
  readonly cwd: string;
}

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const fixture = join(packageFolder, 'test', 'fixture');

/** @param migrations a folder to use instead of the fixture's. */
export async function deployedPackage(migrations: string = join(fixture, 'migrations')): Promise<DeployedPackage> {
  const cwd = await temporaryFolder();
  for (const file of ['cli.js', 'database.js', 'schema.js']) await cp(join(fixture, file), join(cwd, file));
  await writeFile(join(cwd, 'package.json'), JSON.stringify({ name: 'fixture', type: 'module' }));
  await cp(migrations, join(cwd, 'migrations'), { recursive: true });
  // A copy: with a link, Node.js would find the development dependencies of the package's own folder.
  const migrator = join(cwd, 'node_modules', '@todo', 'migrator');
  for (const part of ['dist', 'package.json']) {
    await cp(join(packageFolder, part), join(migrator, part), { recursive: true });
  }
  const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
    await readFile(join(packageFolder, 'package.json'), 'utf8'),
  );
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  for (const name of [...Object.keys(dependencies), ...peers]) {
    const link = join(cwd, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(packageFolder, 'node_modules', name), link);
  }
  return { program: join(cwd, 'cli.js'), cwd };
}
