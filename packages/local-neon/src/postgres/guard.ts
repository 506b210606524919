/**
 * The guard starts PostgreSQL, and stops it when this program ends in any way, `kill -9` included. It is a shell script
 * in a session of its own, which Ctrl-C does not reach. It notices the end of this program when its standard input
 * closes; then it stops PostgreSQL and removes the run's folder.
 */
import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import { LocalNeonError, reasonOf } from '../error.ts';
import { allowServerToEnter, createServerFolder, nameRunFolder, SOCKET_FOLDER } from './folders.ts';
import { type ServerUser, serverUser } from './server-user.ts';

export interface GuardOptions {
  /** The parent of the run's folder. */
  readonly parentFolder: string;
  /** QUIT for temporary data; INT writes a checkpoint first. */
  readonly stopSignal: 'INT' | 'QUIT';
  /** An open file for PostgreSQL's messages. */
  readonly log: number;
}

export interface Guard {
  /** The run's folder. It belongs to the current user. */
  readonly folder: string;
  /** The folder of the socket, in the run's folder. It belongs to the user that PostgreSQL runs as. */
  readonly socketFolder: string;
  /** Settles when PostgreSQL has ended, for any reason, and the run's folder is removed. */
  readonly ended: Promise<void>;
  /** Names the folder that the guard removes if this program ends now; undefined when the folder is complete. */
  readonly setIncompleteFolder: (folder: string | undefined) => void;
  /** Starts PostgreSQL: its program and arguments. */
  start(command: readonly string[]): void;
  end(): Promise<void>;
}

/**
 * The script of the guard:
 *
 * - Sends TERM before the stop signal: a shell starts background commands with INT and QUIT ignored, and PostgreSQL
 *   handles these two only when it is up.
 * - Waits for the end of input in the background, because PostgreSQL may end by itself.
 * - Sends QUIT after 10 s: a PostgreSQL that was stopped while it recovers from a full disk never ends. QUIT loses no
 *   committed row.
 * - Removes an incomplete data directory twice, because initdb may still be writing.
 * - Writes a sentence to the log when a signal ended PostgreSQL: the shell's own message is "Killed", or the line of the
 *   script. Writes none for HUP, INT and TERM (129, 130, 143): a `wait` that one of them interrupted has the same status.
 * - Reads commands from descriptor 3; descriptor 4 is the pipe to the sweeper. PostgreSQL inherits neither.
 * - Handles TERM, because systemd and CI runners end all processes of a tree: stops PostgreSQL before it ends itself.
 */
const GUARD = `
folder=$1 signal=$2; shift 2
trap 'stop' TERM INT HUP
stop() {
  if [ "$server" ]; then kill -TERM $server; kill -$signal $server; fi 2>/dev/null
}
say() {
  echo "local-neon: PostgreSQL (process $server) was ended by $1."
}
exec 3<&0 4>&1 </dev/null >&2
while read -r step word <&3; do
  case $step in
  incomplete) incomplete=$word ;;
  command) set -- "$@" "$word" ;;
  start)
    "$@" 3<&- 4>&- &
    server=$!
    (exec 4>&-
      read -r _ <&3
      stop
      trap 'kill $sleeper; exit' TERM
      sleep 10 &
      sleeper=$!
      wait $sleeper
      kill -QUIT $server) 2>/dev/null &
    waiter=$!
    {
      wait $server; status=$?
      while kill -0 $server; do wait $server; status=$?; done
      kill $waiter
    } 2>/dev/null
    case $status in
    129 | 130 | 143) ;;
    137) say 'signal KILL, sent by a user, or by the system when it is out of memory' ;;
    12[89] | 1[3-9]?) say "signal $(kill -l $status)" ;;
    esac
    break ;;
  esac
done
`;

const REMOVE = `
rm -rf "$folder" "$incomplete"
if [ "$incomplete" ]; then
  sleep 1
  rm -rf "$folder" "$incomplete"
fi
`;

/**
 * The script of the sweeper, a second shell that runs only for root. The guard then runs as PostgreSQL's user, because a
 * shell of root cannot start PostgreSQL as another user, and may not remove root's files. The sweeper runs as root and
 * removes them when the guard has closed the pipe between the two.
 */
const SWEEPER = `
folder=$1
trap '' TERM INT HUP
while read -r _ word <&3; do incomplete=$word; done
read -r _
${REMOVE}`;

/**
 * Starts the guard, and then creates the run's folder, so that the guard removes it in any case.
 *
 * Throws `START_FAILED` when the guard cannot start or the folder cannot be created; then nothing is left.
 */
export async function startGuard({ parentFolder, stopSignal, log }: GuardOptions): Promise<Guard> {
  const folder = nameRunFolder(parentFolder);
  const user = serverUser();
  const args = ['local-neon-guard', folder, stopSignal];
  const guard = user
    ? await spawnShell([GUARD, ...args], ['pipe', 'pipe', log], user)
    : await spawnShell([GUARD + REMOVE, ...args], ['pipe', 'ignore', log]);
  const sweeper = guard.stdout ? await startSweeper(guard.stdout, folder, log) : undefined;
  const [toGuard, toSweeper] = [writablePipe(guard, 0), sweeper ? writablePipe(sweeper, 3) : undefined];
  // PostgreSQL may end by itself. Then the input of the sweeper is closed here.
  const guardEnded = once(guard, 'exit').then(() => toSweeper?.end());
  const ended = Promise.all([guardEnded, sweeper && once(sweeper, 'exit')]).then(() => {});
  const end = (): Promise<void> => {
    toGuard.end();
    toSweeper?.end();
    return ended;
  };
  const socketFolder = join(folder, SOCKET_FOLDER);
  try {
    mkdirSync(folder, 0o700);
    allowServerToEnter(folder);
    createServerFolder(socketFolder);
  } catch (cause) {
    await end();
    throw folderError(parentFolder, cause);
  }
  return {
    folder,
    socketFolder,
    ended,
    setIncompleteFolder: (path = '') => writeLines(toSweeper ?? toGuard, `incomplete ${path}`),
    start: (command) => writeLines(toGuard, ...command.map((word) => `command ${word}`), 'start'),
    end,
  };
}

/** Starts the sweeper. When it cannot start, the guard ends, because its output pipe is closed. */
async function startSweeper(guardOutput: Readable, folder: string, log: number): Promise<ChildProcess> {
  try {
    // The guard's output is the sweeper's input: this is the only pipe between two child processes that Node can create.
    return await spawnShell([SWEEPER, 'local-neon-sweeper', folder], [guardOutput, 'ignore', log, 'pipe']);
  } finally {
    guardOutput.destroy();
  }
}

/** The child's end of a pipe: its standard input, or descriptor 3. */
function writablePipe(child: ChildProcess, index: 0 | 3): Writable {
  // `stdio` is a pipe at both of these positions.
  const pipe = child.stdio[index] as Writable;
  // EPIPE: the child has ended.
  return pipe.on('error', () => {});
}

function writeLines(pipe: Writable, ...lines: string[]): void {
  pipe.write(lines.map((line) => `${line}\n`).join(''));
}

function folderError(parentFolder: string, cause: unknown): LocalNeonError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  const remedy = ['ENOSPC', 'EDQUOT'].includes(code)
    ? 'Free space on that disk'
    : 'Set TMPDIR to a folder that you own';
  const message = `Could not create a folder in ${parentFolder}: ${reasonOf(cause)}. ${remedy}.`;
  return new LocalNeonError('START_FAILED', message, { cause });
}

/** Starts /bin/sh with a script and its arguments, in a session of its own. */
async function spawnShell(args: readonly string[], stdio: StdioOptions, user?: ServerUser): Promise<ChildProcess> {
  try {
    const child = spawn('/bin/sh', ['-c', ...args], {
      ...user,
      // The server's user may not be allowed to enter the current folder.
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      detached: true,
      stdio,
    });
    // Without a pid, the start has failed, and an `error` event follows.
    if (child.pid === undefined) throw (await once(child, 'error'))[0];
    return child;
  } catch (error) {
    throw shellError(error as Error);
  }
}

/** The error of /bin/sh. EPERM, EINVAL: root lacks the capability to change its user, or has no such user. */
function shellError(cause: NodeJS.ErrnoException): LocalNeonError {
  const uid = serverUser()?.uid;
  const isUserRefused = cause.code === 'EPERM' || cause.code === 'EINVAL';
  const message =
    isUserRefused && uid !== undefined
      ? `PostgreSQL refuses to run as root, and root may not run it as user ${uid} here (${cause.message}). Run local-neon as an ordinary user.`
      : `/bin/sh cannot be started (${cause.message}). Check the limits of processes and of memory.`;
  return new LocalNeonError('START_FAILED', message, { cause });
}
