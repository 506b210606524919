/** Reads and writes `server.json`, which names the server on a data directory, so that another program can use the same server. */
import { once } from 'node:events';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { requireSafeDataDirectory } from './folder-ownership.ts';
import { ifPossible } from './if-possible.ts';
import { readProcess } from './processes/process-info.ts';

export interface RunningServer {
  /** The program that started the server, and that stops it. */
  readonly pid: number;
  /** The start time of that program: pids are reused. */
  readonly started: string;
  readonly port: number;
  readonly url: string;
  /** The inode of the data directory: a copy of the directory has another one. */
  readonly inode: string;
}

/**
 * The server that runs on a data directory; undefined when none runs. Ignores a `server.json` that a killed server left
 * or that was copied with the data.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` for a folder in which other users may write: `server.json` could name any process.
 */
export async function readRunningServer(dataDir: string): Promise<RunningServer | undefined> {
  requireSafeDataDirectory(dataDir);
  const server = readServerFile(dataDir);
  return server && (await isStarterRunning(server)) && (await acceptsConnections(server.port)) ? server : undefined;
}

/** Whether the server has not ended completely: its program runs and `server.json` exists, or its port is open. */
export async function isLingering(dataDir: string, server: RunningServer): Promise<boolean> {
  const current = readServerFile(dataDir);
  return (current?.started === server.started && (await isStarterRunning(server))) || acceptsConnections(server.port);
}

/**
 * Writes `server.json` atomically, with mode 0600, because the URL contains the password. Only the program that has
 * locked the data directory calls this, so a staged file that exists was left by a killed program and is removed.
 */
export async function announceServer(dataDir: string, { port, url }: { port: number; url: string }): Promise<void> {
  const { pid } = process;
  const started = (await readProcess(pid))?.startTime ?? '';
  const server: RunningServer = { pid, started, port, url, inode: readInode(dataDir) };
  const staged = `${serverFile(dataDir)}.next`;
  rmSync(staged, { force: true });
  writeFileSync(staged, `${JSON.stringify(server, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(staged, serverFile(dataDir));
}

/** Removes `server.json` if this program wrote it: another program may already serve the folder. */
export async function withdrawServer(dataDir: string): Promise<void> {
  if (readServerFile(dataDir)?.pid === process.pid) await rm(serverFile(dataDir), { force: true });
}

function serverFile(dataDir: string): string {
  return join(dataDir, 'server.json');
}

/** The content of `server.json`; undefined when it is missing, damaged, or copied with the folder. */
function readServerFile(dataDir: string): RunningServer | undefined {
  return ifPossible(() => {
    const server = JSON.parse(readFileSync(serverFile(dataDir), 'utf8')) as RunningServer;
    return server.inode === readInode(dataDir) ? server : undefined;
  });
}

function readInode(dataDir: string): string {
  return String(statSync(dataDir, { bigint: true }).ino);
}

/** Whether the program that started the server still runs, and not another program with the same pid. */
async function isStarterRunning({ pid, started }: RunningServer): Promise<boolean> {
  return (await readProcess(pid))?.startTime === started;
}

async function acceptsConnections(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  const isConnected = await once(socket, 'connect').catch(() => false);
  socket.destroy();
  return isConnected !== false;
}
