/** Where copies of PostgreSQL's programs are kept, by version. */
import { chmodSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

import { LocalNeonError, reasonOf } from '../error.ts';
import { makeFolder } from '../make-folder.ts';
import { ownershipProblem } from '../folder-ownership.ts';
import { temporaryFolder } from './folders.ts';
import { serverUser } from './server-user.ts';

/**
 * Makes the folder unless it is there: as root `/var/cache/local-neon`, else the first that can be made below `XDG_CACHE_HOME`, `HOME`
 * (which is `/` for a user without a home) and `TMPDIR`.
 *
 * Throws `PROGRAMS_UNUSABLE` for one in which others may write, and an error without a code where none can be made.
 */
export function openCacheFolder(): string {
  const failures: string[] = [];
  for (const folder of places()) {
    try {
      makeFolder(folder, 0o700);
    } catch (error) {
      failures.push(reasonOf(error));
      continue;
    }
    requireOwn(folder);
    // The server's user runs what is in it.
    if (serverUser()) chmodSync(folder, 0o755);
    return folder;
  }
  throw new Error(failures.join('; '));
}

function places(): string[] {
  if (serverUser()) return ['/var/cache/local-neon'];
  const caches = [process.env['XDG_CACHE_HOME'] ?? '', join(homeFolder(), '.cache')].filter(isAbsolute);
  return [
    ...caches.map((cache) => join(cache, 'local-neon')),
    join(temporaryFolder(), `local-neon-cache-${process.getuid?.()}`),
  ];
}

/** Node throws for a user whom the system does not know, and without HOME. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

function requireOwn(folder: string): void {
  const flaw = ownershipProblem(folder);
  if (flaw === undefined) return;
  throw new LocalNeonError(
    'PROGRAMS_UNUSABLE',
    `${folder} ${flaw}, and programs that others may exchange are not run. Remove it, or name the programs of an installed ` +
      'PostgreSQL with --bin-dir (binDir).',
  );
}
