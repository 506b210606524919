/** Runs the command as a separate process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

export const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

export interface Program {
  readonly child: ChildProcess;
  readonly exited: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** The first line on standard output; rejects when the program ends without one. */
  readonly firstLine: Promise<string>;
}

export function startProgram(
  command: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Program {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const gone = once(child, 'exit');
  // Also when the test fails: the next test must not find the program running.
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }));
  const firstLine = once(createInterface(child.stdout), 'line').then(([line]) => String(line));
  const ended = exited.then(({ stderr: said }) => Promise.reject(new Error(`ended: ${said}`)));
  const either = Promise.race([firstLine, ended]);
  // Not every test awaits the first line.
  either.catch(() => {});
  return { child, exited, firstLine: either };
}

export function startCli(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Program {
  return startProgram([process.execPath, CLI, ...args], options);
}

export function urlIn(line: string): string {
  return line.replace(/^DATABASE_URL=/, '');
}
