/** `verify` as people run it: a process of its own, in a folder without anybody's `.env`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

export function startCli(args: string[], { cwd = tmpdir(), env = {} }: CliOptions = {}): ChildProcess {
  const { PATH, HOME } = process.env;
  return spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout: stdout(), stderr: stderr() };
}

export async function cli(args: string[], options?: CliOptions): Promise<Ended> {
  return await ended(startCli(args, options));
}

function collect(stream: ChildProcess['stdout']): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}
