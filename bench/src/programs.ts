/** The processes that a benchmark starts: each is waited for, and ended by its pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** The next line that it prints. Throws when it ends instead. */
  line(): Promise<string>;
  tell(line: string): void;
  /** Settles when it has ended. */
  readonly ended: Promise<unknown>;
}

export interface ProgramOptions {
  /** The Node to run it with, if not this one. */
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();

/** Starts a file of this folder, or of the workspace, in a Node of its own. Its standard error is ours. */
export function startProgram(file: URL, args: readonly string[], options: ProgramOptions = {}): Program {
  const { node = process.execPath, env = {} } = options;
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', fileURLToPath(file), ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.add(child);
  const ended = (once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>).finally(() =>
    running.delete(child),
  );
  // It ended first: `line` says so.
  child.stdin.on('error', () => {});
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    // Undefined only where it could not be started: then it has no lines either.
    pid: child.pid ?? NaN,
    line: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${fileURLToPath(file)} ended too early (${describeExit(await ended)})`);
      return value;
    },
    tell: (line) => void child.stdin.write(`${line}\n`),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Those that run now. */
export function runningPrograms(): ReadonlySet<ChildProcess> {
  return new Set(running);
}

/** Ends what still runs, or those of it that are chosen; who waits for one of its lines gets an error. */
export function endPrograms(isChosen: (program: ChildProcess) => boolean = () => true): void {
  for (const child of running) if (isChosen(child)) child.kill('SIGTERM');
}

function describeExit([code, signal]: [number | null, NodeJS.Signals | null]): string {
  return signal ?? `exit code ${code}`;
}
