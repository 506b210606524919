/**
 * What sees to it that nothing outlives a program: a few lines of `sh` in a session of their own, so that Ctrl-C does not
 * reach them. The guard starts PostgreSQL. When its standard input closes, because we ask for it or because we ended in any way,
 * `kill -9` included, it stops PostgreSQL and removes the run's folder.
 */
import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import { LocalNeonError, reasonOf } from '../error.ts';
import { letServerThrough, makeServerFolder, nameRunFolder, SOCKET_FOLDER } from './folders.ts';
import { type ServerUser, serverUser } from './server-user.ts';

export interface GuardOptions {
  /** The run's folder is made in here. */
  readonly parentFolder: string;
  /** QUIT where the data goes with the run; INT writes a checkpoint first. */
  readonly stopSignal: 'INT' | 'QUIT';
  /** An open file for what the server says. */
  readonly log: number;
}

export interface Guard {
  /** The run's own folder, ours. */
  readonly folder: string;
  /** In it the folder of the socket, which belongs to the user PostgreSQL runs as. */
  readonly socketFolder: string;
  /** Settles when PostgreSQL has ended and the folder is gone, asked or not. */
  readonly ended: Promise<void>;
  /** Has this folder removed too, should we end before it is finished; '' when it is. */
  readonly stage: (folder: string) => void;
  /** Starts PostgreSQL, by its program and settings. */
  start(command: readonly string[]): void;
  end(): Promise<void>;
}

/**
 * TERM comes before the signal that is meant, for a shell starts its background commands with INT and QUIT ignored and
 * PostgreSQL handles them only once it is up. What waits for the end of input is the part in the background, because
 * PostgreSQL may end by itself. One that is told to end while it recovers from a full disk stays for ever: after 10 s it gets
 * QUIT, which loses nothing that was committed. A data directory that is being made is removed twice: who makes it may still be writing.
 *
 * Of a server that a signal ended, a shell says "Killed" or names its own line: the log gets a sentence in its place. A \`wait\` that TERM,
 * INT or HUP broke off has such a status, too.
 *
 * Whoever ends a whole tree of processes (systemd, a runner in CI) tells the guard to end as well: it does its work first, and then does.
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
  stage) staged=$word ;;
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
rm -rf "$folder" "$staged"
if [ "$staged" ]; then
  sleep 1
  rm -rf "$folder" "$staged"
fi
`;

/**
 * As root, the guard runs as PostgreSQL does, and may not remove what is ours: root's sweeper does when the guard has closed the pipe
 * between the two. Not the guard as root: a shell cannot start PostgreSQL as another user by itself.
 */
const SWEEPER = `
folder=$1
trap '' TERM INT HUP
while read -r _ word <&3; do staged=$word; done
read -r _
${REMOVE}`;

/**
 * Starts the guard, and makes the run's folder when it is there to remove it.
 *
 * Throws `START_FAILED` where either cannot be; then nothing is left.
 */
export async function startGuard({ parentFolder, stopSignal, log }: GuardOptions): Promise<Guard> {
  const folder = nameRunFolder(parentFolder);
  const user = serverUser();
  const args = ['local-neon-guard', folder, stopSignal];
  const guard = user
    ? await spawnShell([GUARD, ...args], ['pipe', 'pipe', log], user)
    : await spawnShell([GUARD + REMOVE, ...args], ['pipe', 'ignore', log]);
  const sweeper = guard.stdout ? await startSweeper(guard.stdout, folder, log) : undefined;
  const [commands, stages] = [writableOf(guard, 0), sweeper ? writableOf(sweeper, 3) : undefined];
  // PostgreSQL may end by itself: then the sweeper is told, too.
  const guardEnded = once(guard, 'exit').then(() => stages?.end());
  const ended = Promise.all([guardEnded, sweeper && once(sweeper, 'exit')]).then(() => {});
  const end = (): Promise<void> => {
    commands.end();
    stages?.end();
    return ended;
  };
  const socketFolder = join(folder, SOCKET_FOLDER);
  try {
    mkdirSync(folder, 0o700);
    letServerThrough(folder);
    makeServerFolder(socketFolder);
  } catch (cause) {
    await end();
    throw noFolder(parentFolder, cause);
  }
  return {
    folder,
    socketFolder,
    ended,
    stage: (path) => tell(stages ?? commands, `stage ${path}`),
    start: (command) => tell(commands, ...command.map((word) => `command ${word}`), 'start'),
    end,
  };
}

/** A guard without its sweeper ends, for nobody holds its input. */
async function startSweeper(guardOutput: Readable, folder: string, log: number): Promise<ChildProcess> {
  try {
    // As its input, because Node makes no other shared pipe one that a shell can wait for.
    return await spawnShell([SWEEPER, 'local-neon-sweeper', folder], [guardOutput, 'ignore', log, 'pipe']);
  } finally {
    guardOutput.destroy();
  }
}

function writableOf(child: ChildProcess, index: 0 | 3): Writable {
  // Each was asked for as a pipe.
  const pipe = child.stdio[index] as Writable;
  // It ended first: there is nobody to tell.
  return pipe.on('error', () => {});
}

function tell(pipe: Writable, ...lines: string[]): void {
  pipe.write(lines.map((line) => `${line}\n`).join(''));
}

function noFolder(parentFolder: string, cause: unknown): LocalNeonError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  const remedy = ['ENOSPC', 'EDQUOT'].includes(code) ? 'Make room on that disk' : 'Set TMPDIR to a folder of yours';
  return new LocalNeonError(
    'START_FAILED',
    `No folder can be made in ${parentFolder}: ${reasonOf(cause)}. ${remedy}.`,
    { cause },
  );
}

async function spawnShell(args: readonly string[], stdio: StdioOptions, user?: ServerUser): Promise<ChildProcess> {
  try {
    const child = spawn('/bin/sh', ['-c', ...args], {
      ...user,
      // The current folder may be one that the server's user cannot enter.
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      detached: true,
      stdio,
    });
    // What cannot be started has no number, and says why in a moment.
    if (child.pid === undefined) throw (await once(child, 'error'))[0];
    return child;
  } catch (error) {
    throw noShell(error as Error);
  }
}

/** Without its capabilities, or in a user namespace of few users, root becomes nobody else. */
function noShell(cause: NodeJS.ErrnoException): LocalNeonError {
  const uid = serverUser()?.uid;
  const isOther = cause.code === 'EPERM' || cause.code === 'EINVAL';
  const why =
    isOther && uid !== undefined
      ? `PostgreSQL does not run as root, and root may not run it as user ${uid} here (${cause.message}). Run this as an ordinary user.`
      : `/bin/sh cannot be started (${cause.message}): look for a limit of processes or of memory.`;
  return new LocalNeonError('START_FAILED', why, { cause });
}
