/**
 * What sees to it that nothing outlives a program: a few lines of `sh` in a session of their own, so that Ctrl-C does not
 * reach them. The guard makes the run's folder and starts PostgreSQL. When its standard input closes, because we ask for it
 * or because we ended in any way, `kill -9` included, it stops PostgreSQL and removes the folder.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { LocalNeonError } from '../error.ts';
import { serverUser } from './server-user.ts';

export interface GuardOptions {
  /** The run's folder is made in here. */
  readonly parentFolder: string;
  /** The server's program and settings, without its data directory and its socket. */
  readonly command: readonly string[];
  /** QUIT where the data goes with the run; INT writes a checkpoint first. */
  readonly stopSignal: 'INT' | 'QUIT';
  /** An open file for what the server says. */
  readonly log: number;
}

export interface Guard {
  /** The run's own folder, which belongs to the user PostgreSQL runs as; it holds the socket. */
  readonly folder: string;
  /** Settles when PostgreSQL has ended and the folder is gone, asked or not. */
  readonly ended: Promise<void>;
  /** Has this folder removed too, should we end before it is finished; '' when it is. */
  readonly stage: (folder: string) => void;
  /** Starts PostgreSQL on this data directory. */
  start(dataDirectory: string): void;
  /** Lets the program end without closing the server; the guard then does its work. */
  unref(): void;
  end(): Promise<void>;
}

/**
 * The program may be gone before it hears of its folder: a broken pipe must not end the guard.
 *
 * TERM comes before the signal that is meant, for a shell starts its background commands with INT and QUIT ignored and
 * PostgreSQL handles them only once it is up. What waits for the end of input is the part in the background, because
 * PostgreSQL may end by itself. One that is told to end while it recovers from a full disk stays for ever: after 10 s it gets
 * QUIT, which loses nothing that was committed. A data directory that is being made is removed twice: who makes it may still be writing.
 */
const SCRIPT = `
trap '' PIPE
folder=$(mktemp -d "$1/local-neon-XXXXXX") || exit 1
echo "$folder"
signal=$2; shift 2
exec 3<&0 </dev/null >&2
while read -r step path <&3; do
  case $step in
  stage) staged=$path ;;
  start)
    "$@" -D "$path" -c unix_socket_directories="$folder" 3<&- &
    server=$!
    (read -r _ <&3
      kill -TERM $server
      kill -$signal $server
      trap 'kill $sleeper; exit' TERM
      sleep 10 &
      sleeper=$!
      wait $sleeper
      kill -QUIT $server) 2>/dev/null &
    waiter=$!
    wait $server
    kill $waiter 2>/dev/null
    break ;;
  esac
done
rm -rf "$folder" "$staged"
if [ "$staged" ]; then
  sleep 1
  rm -rf "$folder" "$staged"
fi
`;

/** Throws `START_FAILED` when the folder cannot be made. */
export async function startGuard({ parentFolder, command, stopSignal, log }: GuardOptions): Promise<Guard> {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'local-neon-guard', parentFolder, stopSignal, ...command], {
    ...serverUser(),
    // The current folder may be one that the server's user cannot enter.
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    detached: true,
    stdio: ['pipe', 'pipe', log],
    // Of the two pipes the types know only when the third is no number.
  }) as ChildProcessByStdio<Writable, Readable, null>;
  const ended = once(child, 'exit').then(() => {});
  // The guard ended first: there is nobody to tell.
  child.stdin.on('error', () => {});
  const firstLine = once(createInterface(child.stdout), 'line').then(([line]) => String(line));
  const folder = await Promise.race([firstLine, ended]);
  if (folder === undefined) {
    throw new LocalNeonError('START_FAILED', `No folder can be made in ${parentFolder}: look for a full disk.`);
  }
  const tell = (step: string, path: string): void => void child.stdin.write(`${step} ${path}\n`);
  return {
    folder,
    ended,
    stage: (path) => tell('stage', path),
    start: (path) => tell('start', path),
    unref: () => {
      child.unref();
      // What `spawn` types as a stream is a socket: https://nodejs.org/api/child_process.html#optionsstdio
      (child.stdin as unknown as Socket).unref();
      (child.stdout as unknown as Socket).unref();
    },
    end: () => {
      child.ref();
      child.stdin.end();
      return ended;
    },
  };
}
