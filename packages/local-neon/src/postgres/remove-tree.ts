/** Removal of a folder in which another user may write. */
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const ATTEMPTS_MAX = 10;

/**
 * Removes a file or folder, or a link and not what it leads to. Fine where there is none. Tries for some seconds: a server that was
 * killed with its program may be writing its last.
 *
 * Not by Node's `rm`, which goes by paths: PostgreSQL's user could put a link in the place of a folder that is being removed, and root
 * would empty what it leads to. rm(1) goes by descriptors.
 */
export async function removeTree(path: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await promisify(execFile)('/bin/rm', ['-rf', '--', path], { cwd: '/' });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS_MAX) throw error;
    }
    await delay(attempt * 100);
  }
}
