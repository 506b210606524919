/** The commands as a terminal or a script sees it: standard output, standard error and exit code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { removeLocalNeon } from '@todo/local-neon';
import { onTestFinished } from 'vitest';

export interface CommandOptions {
  /** DATABASE_URL. None unless given. */
  readonly url?: string;
  /** Where the command is started. The fixture's folder unless given. */
  readonly cwd?: string;
  /** The program. The fixture's unless given. */
  readonly program?: string;
  /** Further variables of its environment. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The user that it runs as. The one of the tests unless given. */
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

/** Runs a command to its end, without a terminal. */
export function run(args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  return start(args, options).outcome;
}

/** Starts a command; it ends with the test at the latest. */
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

/** An empty folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'todo command '));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A workspace of its own, so that a local Neon is this test's alone. */
export async function temporaryWorkspace(): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => removeLocalNeon(join(folder, '.local-neon')));
  await writeFile(join(folder, 'pnpm-workspace.yaml'), '');
  return folder;
}
