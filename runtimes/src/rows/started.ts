/** Starts a server as a separate process, and ends it with all of its children. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

export interface Started {
  /** The address for requests: `http://127.0.0.1:8787`, or a path below it. */
  readonly origin: string;
  /** The output of the process so far, for the message of a failed case. */
  printed(): string;
  /** Sends SIGTERM, and SIGKILL after 5 s. @returns the exit code, or null when a signal ended the process. */
  close(): Promise<number | null>;
}

export interface StartOptions {
  /** The port that the program was told to listen on. Default: the port in the first address that the program prints. */
  readonly port?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 120_000;
const END_TIMEOUT_MS = 5000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL');
});

/**
 * Starts a program. Resolves when the program listens on the given port, or else has printed its address.
 * @throws {Error} with the output, when the program ends, or is not that far within two minutes.
 */
export async function startProgram(command: string, args: string[], options: StartOptions = {}): Promise<Started> {
  const { cwd, env, port } = options;
  const child = spawn(command, args, {
    cwd,
    // A separate process group, so that `signalGroup` also ends the programs that this program started.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
  running.add(child);
  let printed = '';
  // All output is read, because a full pipe would stop the program.
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (printed += String(text)));
  const exited = once(child, 'exit').then(([exitCode]) => {
    running.delete(child);
    // Null after a signal.
    return exitCode as number | null;
  });
  const close = async () => {
    signalGroup(child, 'SIGTERM');
    const forced = setTimeout(() => signalGroup(child, 'SIGKILL'), END_TIMEOUT_MS);
    const exitCode = await exited;
    clearTimeout(forced);
    signalGroup(child, 'SIGKILL');
    return exitCode;
  };
  try {
    const origin = await waitForAddress(child, () => printed, exited, port);
    return { origin, printed: () => printed, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits until the program listens on the port. Without a port, waits until the program has printed its address. */
async function waitForAddress(
  child: ChildProcess,
  printed: () => string,
  exited: Promise<unknown>,
  port: number | undefined,
): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  let poll: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const fail = (reason: string) => reject(new Error(`${child.spawnargs.join(' ')} ${reason}:\n${printed()}`));
      timer = setTimeout(fail, START_TIMEOUT_MS, 'did not start within two minutes');
      exited.then(() => fail('ended before it was started'), reject);
      const findAddress = () => {
        const [, address] = ADDRESS.exec(printed()) ?? [];
        if (address !== undefined) resolve(address.replace('localhost', '127.0.0.1'));
      };
      if (port === undefined) for (const stream of [child.stdout, child.stderr]) stream?.on('data', findAddress);
      const tryPort = async () => {
        if (await isListening(port)) resolve(`http://${HOST}:${port}`);
      };
      if (port !== undefined) poll = setInterval(() => void tryPort(), 100);
    });
  } finally {
    clearTimeout(timer);
    clearInterval(poll);
  }
}

async function isListening(port: number | undefined): Promise<boolean> {
  const socket = connect(Number(port), HOST);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A port that no process listens on, for programs that do not print their port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

const HOST = '127.0.0.1';
/** The character after the port shows that the whole port has been printed. */
const ADDRESS = /(http:\/\/(?:localhost|127\.0\.0\.1):\d+)\D/;

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    // A negative number stands for the group of the process.
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group has ended.
  }
}
