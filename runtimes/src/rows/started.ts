/** Starts a server as a process of its own, and ends it with all of its children. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Started {
  /** `http://127.0.0.1:8787`, or the address below it that answers. */
  readonly origin: string;
  /** What it has printed so far, for the message of a case that failed. */
  printed(): string;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 120_000;
const END_TIMEOUT_MS = 5000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) kill(child, 'SIGKILL');
});

/**
 * Resolves when the process has printed its address.
 * @throws with what it printed, when it ends or is silent for two minutes.
 */
export async function startProgram(command: string, args: string[], options: StartOptions = {}): Promise<Started> {
  const { cwd, env } = options;
  const child = spawn(command, args, {
    cwd,
    // A group of its own: some programs start others, and do not end them.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
  running.add(child);
  let printed = '';
  // Read to the end, or a full pipe would stop the program.
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (printed += String(text)));
  const exited = once(child, 'exit').finally(() => running.delete(child));
  const close = async () => {
    kill(child, 'SIGTERM');
    const forced = setTimeout(() => kill(child, 'SIGKILL'), END_TIMEOUT_MS);
    await exited;
    clearTimeout(forced);
    kill(child, 'SIGKILL');
  };
  try {
    return { origin: await addressOf(child, () => printed, exited), printed: () => printed, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function addressOf(child: ChildProcess, printed: () => string, exited: Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const give = (reason: string) => reject(new Error(`${child.spawnargs.join(' ')} ${reason}:\n${printed()}`));
      timer = setTimeout(give, START_TIMEOUT_MS, 'did not print its address');
      exited.then(() => give('ended'), reject);
      const look = () => {
        const [, address] = ADDRESS.exec(printed()) ?? [];
        if (address !== undefined) resolve(address.replace('localhost', '127.0.0.1'));
      };
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', look);
    });
  } finally {
    clearTimeout(timer);
  }
}

const ADDRESS = /(http:\/\/(?:localhost|127\.0\.0\.1):\d+)\D/;

function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group has ended.
  }
}
