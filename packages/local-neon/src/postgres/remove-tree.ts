/** Removes a folder in which another user may write. */
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const ATTEMPTS_MAX = 10;

/**
 * Removes a file or folder, or a link without its target. A missing path is allowed. Repeats for some seconds, because
 * a server that was killed may still be writing.
 *
 * Does not use Node's `rm`, which uses paths: PostgreSQL's user could replace a folder by a link while root removes it,
 * and root would empty the target of the link. rm(1) uses descriptors.
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
