/** The processes that a benchmark starts. Each is awaited, and ended by its pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Returns the next printed line. Throws when the process ends before. */
  readLine(): Promise<string>;
  /** Writes a line to the standard input of the process. */
  writeLine(line: string): void;
  /** Settles when the process has ended. */
  readonly ended: Promise<unknown>;
}

export interface ProgramOptions {
  /** The Node.js to run the program with. Default: the current one. */
  readonly node?: string;
  /** Options of Node.js and V8. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();

/** Starts a file of this folder or of the workspace with Node.js. Its standard error is passed on. */
export function startProgram(file: URL, args: readonly string[], options: ProgramOptions = {}): Program {
  const { node = process.execPath, flags = [], env = {} } = options;
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...flags, fileURLToPath(file), ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.add(child);
  const ended = (once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>).finally(() =>
    running.delete(child),
  );
  // If the process ended before the line was written, `readLine` reports the exit.
  child.stdin.on('error', () => {});
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    // Undefined only if the process could not be started. Then it prints no lines.
    pid: child.pid ?? NaN,
    readLine: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${fileURLToPath(file)} ended before it printed a line (${describeExit(await ended)})`);
      return value;
    },
    writeLine: (line) => void child.stdin.write(`${line}\n`),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The running processes. */
export function runningPrograms(): ReadonlySet<ChildProcess> {
  return new Set(running);
}

/** Ends all running processes, or the chosen ones. A pending `readLine` rejects. */
export function endPrograms(isChosen: (program: ChildProcess) => boolean = () => true): void {
  for (const child of running) if (isChosen(child)) child.kill('SIGTERM');
}

function describeExit([code, signal]: [number | null, NodeJS.Signals | null]): string {
  return signal ?? `exit code ${code}`;
}
