/** `local-neon run -- <command>`: runs a server for as long as a command runs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import type { Command } from 'commander';

import { startLocalNeon } from '../local-neon.ts';
import { exitCodeOf, NOT_EXECUTABLE, NOT_FOUND } from './exit-codes.ts';
import { onInterruption, type Signal } from './interruption.ts';
import { addServerOptions, type ServerOptions, toStartOptions } from './server-options.ts';

export function addRun(program: Command): void {
  addServerOptions(program.command('run'))
    .description(
      'start a server, run a command with DATABASE_URL and DATABASE_URL_UNPOOLED set, stop, pass on its exit code',
    )
    .argument('<command...>', 'the command and its arguments, after --')
    .passThroughOptions()
    .action(runCommand);
}

/** Starts or joins a server, runs the command with its URL, and closes the server. */
async function runCommand(command: readonly string[], options: ServerOptions): Promise<void> {
  let child: ChildProcess | undefined;
  const interrupted = new Promise<Signal>((resolve) => {
    onInterruption((signal) => {
      resolve(signal);
      // The terminal sends Ctrl-C to the command, too. Many programs end at once, without cleaning up, at a second one.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child?.kill(signal);
    });
  });
  const neon = await Promise.race([startLocalNeon(toStartOptions(options)), interrupted]);
  // The guard stops a half-started server when this process ends.
  if (typeof neon === 'string') process.exit(exitCodeOf(neon));
  try {
    const [file = '', ...args] = command;
    const env = { ...process.env, DATABASE_URL: neon.url, DATABASE_URL_UNPOOLED: neon.url };
    child = spawn(file, args, { stdio: 'inherit', env });
    process.exitCode = await waitForExit(child, file);
  } finally {
    await neon.close();
  }
}

/** The exit code of the command, as a shell reports it. Prints why a command cannot be run. */
function waitForExit(child: ChildProcess, file: string): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? exitCodeOf(signal) : (code ?? 1)));
    child.once('error', (error: NodeJS.ErrnoException) => {
      const isDenied = error.code === 'EACCES';
      const isMissing = error.code === 'ENOENT' || (isDenied && isNotOnPath(file));
      const otherReason = isDenied ? 'permission denied' : error.message;
      process.stderr.write(`local-neon: cannot run ${file}: ${isMissing ? 'no such command' : otherReason}\n`);
      resolve(isMissing ? NOT_FOUND : NOT_EXECUTABLE);
    });
  });
}

/** Whether the command is a name that no folder on the PATH contains. EACCES is also the error for a folder that may not be entered. */
function isNotOnPath(file: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return !file.includes('/') && !folders.some((folder) => existsSync(join(folder, file)));
}
