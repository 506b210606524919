/** Runs a command on a terminal that `script` of util-linux creates, and answers a question there. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

export interface TerminalOptions {
  /** The variable DATABASE_URL. Default: not set. */
  readonly url?: string;
  /** The program. Default: the fixture's. */
  readonly program?: string;
  /** The text to wait for on the screen. */
  readonly question: RegExp;
  /** The keys to press then, once. */
  readonly answer: string;
}

export interface TerminalOutcome {
  readonly exitCode: number | null;
  /** All output on the screen. */
  readonly output: string;
}

/** On other systems `script` has other flags, or is missing. */
export function hasTerminals(): boolean {
  const { status, stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  return status === 0 && stdout.includes('util-linux');
}

export async function onTerminal(args: readonly string[], options: TerminalOptions): Promise<TerminalOutcome> {
  const { url, program = join(import.meta.dirname, 'fixture', 'cli.js') } = options;
  const command = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { PATH: process.env.PATH, TERM: 'dumb', ...(url !== undefined && { DATABASE_URL: url }) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [output, isAnswered] = ['', false];
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
    if (isAnswered || !options.question.test(output)) return;
    isAnswered = true;
    child.stdin.write(options.answer);
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode, output };
}
