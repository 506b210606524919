/** Runs the commands as processes: standard output, standard error and exit code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { removeLocalNeon } from '@todo/local-neon';
import { onTestFinished } from 'vitest';

export interface CommandOptions {
  /** The variable DATABASE_URL. Default: not set. */
  readonly url?: string;
  /** The working directory. Default: the fixture's folder. */
  readonly cwd?: string;
  /** The program. Default: the fixture's. */
  readonly program?: string;
  /** Additional environment variables. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The operating system user of the process. Default: that of the tests. */
  readonly uid?: number;
}

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

const fixture = fileURLToPath(new URL('fixture', import.meta.url));

/** Runs a command without a terminal until it ends. */
export function run(args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  return start(args, options).outcome;
}

/** Starts a command. It is ended with the test at the latest. */
export function start(args: readonly string[], options: CommandOptions = {}): RunningCommand {
  const { url, cwd = fixture, program = join(fixture, 'cli.js'), variables = {}, uid } = options;
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...(url !== undefined && { DATABASE_URL: url }), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const outcome = Promise.all([ended, text(child.stdout), text(child.stderr)]).then(([exitCode, stdout, stderr]) => ({
    exitCode,
    stdout,
    stderr,
  }));
  return { child, outcome };
}

/** Creates an empty folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'todo command '));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Creates a separate workspace, whose local Neon belongs to this test alone. */
export async function temporaryWorkspace(): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => removeLocalNeon(join(folder, '.local-neon')));
  await writeFile(join(folder, 'pnpm-workspace.yaml'), '');
  return folder;
}
