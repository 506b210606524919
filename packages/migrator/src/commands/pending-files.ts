/** Which migrations are new: those that the base, the branch that is deployed, does not have. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * @returns the names of the files in `folder` at `base`, as git has them; undefined when this is no git checkout or has no such
 *   commit.
 */
export async function filesAt(base: string, folder: string): Promise<Set<string> | undefined> {
  try {
    // A name that begins with a dash would be a flag.
    const { stdout } = await run('git', ['ls-tree', '--name-only', '-z', '--end-of-options', base, './'], {
      cwd: folder,
    });
    return new Set(stdout.split('\0').filter((name) => name !== ''));
  } catch {
    return undefined;
  }
}
