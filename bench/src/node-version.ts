/** A newer Node.js for contestants that need one. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The path of a Node.js of at least this major version: the current one, or else that of the npm package `node`. Undefined if npm has none. */
export async function findNode(major: number): Promise<string | undefined> {
  if (Number(process.versions.node.split('.')[0]) >= major) return process.execPath;
  const args = ['--yes', '--package', `node@${major}`, 'node', '--print', 'process.execPath'];
  return promisify(execFile)('npx', args).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}
