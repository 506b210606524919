/** A Node for those who need a newer one than this. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The path of a Node of at least that major version: this one, else one from npm; undefined where npm has none to give. */
export async function findNode(major: number): Promise<string | undefined> {
  if (Number(process.versions.node.split('.')[0]) >= major) return process.execPath;
  const args = ['--yes', '--package', `node@${major}`, 'node', '--print', 'process.execPath'];
  return promisify(execFile)('npx', args).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}
