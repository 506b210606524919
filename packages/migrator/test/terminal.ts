/** A command on a real terminal, made by `script` of util-linux, where somebody answers a question. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

export interface TerminalOptions {
  /** DATABASE_URL. None unless given. */
  readonly url?: string;
  /** The program. The fixture's unless given. */
  readonly program?: string;
  /** What is waited for on the screen. */
  readonly question: RegExp;
  /** The keys that are pressed then, once. */
  readonly answer: string;
}

export interface TerminalOutcome {
  readonly exitCode: number | null;
  /** All that was on the screen. */
  readonly output: string;
}

/** Elsewhere `script` takes other flags, or is not there. */
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
