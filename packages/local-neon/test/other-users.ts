/** Runs programs as another user of the machine. Needs root. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { onTestFinished } from 'vitest';

import { CLI } from './program.ts';

export const isRoot = process.getuid?.() === 0;
/** The user that PostgreSQL runs as for root on Linux. */
export const NOBODY = 65534;
/** Another user that every system has. */
export const DAEMON = 1;

/** A shell whose mounts are visible only to its own processes. */
export const MOUNT = ['unshare', '--mount', 'sh', '-c'];
export const canMount =
  isRoot &&
  (await promisify(execFile)('unshare', ['--mount', 'true']).then(
    () => true,
    () => false,
  ));

/** Whether another user can run the command: a checkout below root's home is closed to other users. */
export const canRunAsOther = canMount && (await codeAs(NOBODY, 'test -r "$1"', CLI)) === 0;

/** A command for `local-neon run`, and its result. */
export const SERVE = ['--', process.execPath, '-p', '"served"'];
export const SERVED = { code: 0, stdout: 'served\n', stderr: '' };

/** A folder below a path that every user may pass through, such as `/tmp`. */
export async function createFolder(mode = 0o755): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'other users '));
  await chmod(folder, mode);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function ownerAndMode(path: string): Promise<string> {
  const { uid, mode } = await lstat(path);
  return `${uid} ${(mode & 0o7777).toString(8)}`;
}

/** The exit code of a shell script that another user runs. */
export async function codeAs(uid: number, script: string, ...args: string[]): Promise<number | null> {
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...args], { uid, gid: uid, cwd: '/', stdio: 'ignore' });
  await once(child, 'exit');
  return child.exitCode;
}

/** Starts a command as another user. */
export function asUser(uid: number): string[] {
  return ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
}
