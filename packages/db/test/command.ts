/** Runs this package's program as a terminal or a script does, and returns standard output, standard error and exit code. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

export interface CommandOptions {
  /** DATABASE_URL. Default: not set. */
  readonly url?: string;
  /** The working directory. Default: this package's folder. */
  readonly cwd?: string;
  /** The program. Default: this package's own. */
  readonly program?: string;
}

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** Runs a command to its end, without a terminal. */
export async function run(args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  const { url, cwd = packageFolder, program = join(packageFolder, 'dist', 'cli.js') } = options;
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...(url !== undefined && { DATABASE_URL: url }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [exitCode, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { exitCode, stdout, stderr };
}

/** An empty folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'todo command '));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
