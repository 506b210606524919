/** Finds the new migrations: those that the base commit does not have. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** @returns the names of the files in `folder` at the commit `base`; undefined if this is no git checkout or has no such commit. */
export async function filesAt(base: string, folder: string): Promise<Set<string> | undefined> {
  try {
    // Git would read a name that begins with a dash as a flag.
    const { stdout } = await run('git', ['ls-tree', '--name-only', '-z', '--end-of-options', base, './'], {
      cwd: folder,
    });
    return new Set(stdout.split('\0').filter((name) => name !== ''));
  } catch {
    return undefined;
  }
}
