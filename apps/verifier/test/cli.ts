/** Runs `verify` as a process of its own, in a folder without a `.env` file, or as a command in this process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { app } from '../src/app.ts';
import { main, type Terminal } from '../src/main.ts';

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

/** For tests of behavior that only a process has: signals, output files, and leftovers after its end. */
export async function cli(args: string[], options?: CliOptions): Promise<Ended> {
  return await ended(startCli(args, options));
}

export interface HereOptions {
  readonly databaseUrl?: string;
  /** The workspace root. */
  readonly root?: string;
  /** The text that is typed on the terminal. If absent, there is no terminal. */
  readonly typed?: string;
}

/** Runs the same command in this process, which saves the start of a process for each test. */
export async function verifyHere(args: readonly string[], options: HereOptions = {}): Promise<Ended> {
  const { databaseUrl, root = tmpdir(), typed } = options;
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const read = [stdout, stderr].map(collect);
  if (typed !== undefined) stdin.write(`${typed}\n`);
  const terminal = { stdin: Object.assign(stdin, { isTTY: typed !== undefined }), stdout, stderr };
  const environment = { root, file: undefined, databaseUrl, databaseUrlUnpooled: undefined };
  // The command uses only the streams of a terminal.
  const code = await main(async () => app, args, terminal as unknown as Terminal, environment);
  const [out = '', err = ''] = read.map((text) => text());
  return { code, stdout: out, stderr: err };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}
