/** Finds or creates the cache folder for PostgreSQL's programs. */
import { chmodSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

import { LocalNeonError, reasonOf } from '../error.ts';
import { ownershipProblem } from '../folder-ownership.ts';
import { ifPossible } from '../if-possible.ts';
import { createFolder } from '../create-folder.ts';
import { temporaryFolder } from './folders.ts';
import { serverUser } from './server-user.ts';

/**
 * Creates the folder unless it exists: for root `/var/cache/local-neon`, else the first that can be created below
 * `XDG_CACHE_HOME`, `HOME` and `TMPDIR`.
 *
 * Throws `PROGRAMS_UNUSABLE` when other users may write in the folder, and a plain `Error` when no folder can be created.
 */
export function openCacheFolder(): string {
  const failures: string[] = [];
  for (const folder of listCandidates()) {
    try {
      createFolder(folder, 0o700);
    } catch (error) {
      failures.push(reasonOf(error));
      continue;
    }
    requireSafeFolder(folder);
    // The server's user must be able to run the programs.
    if (serverUser()) chmodSync(folder, 0o755);
    return folder;
  }
  throw new Error(failures.join('; '));
}

/** The folders to try, in this order. */
function listCandidates(): string[] {
  if (serverUser()) return ['/var/cache/local-neon'];
  // Node throws for a user without a home folder. The path is then relative, and is not used.
  const home = ifPossible(homedir) ?? '';
  const caches = [process.env['XDG_CACHE_HOME'] ?? '', join(home, '.cache')].filter(isAbsolute);
  return [
    ...caches.map((cache) => join(cache, 'local-neon')),
    join(temporaryFolder(), `local-neon-cache-${process.getuid?.()}`),
  ];
}

function requireSafeFolder(folder: string): void {
  const problem = ownershipProblem(folder);
  if (problem === undefined) return;
  const message =
    `${folder} ${problem}, so other users could replace the programs in it. Delete the folder, or set --bin-dir (binDir) to the bin ` +
    'directory of an installed PostgreSQL.';
  throw new LocalNeonError('PROGRAMS_UNUSABLE', message);
}
