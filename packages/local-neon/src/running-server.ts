/** `server.json`: who serves a data directory, so that others join instead of starting a second server. */
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { requireOwnDataDirectory } from './folder-ownership.ts';
import { readProcess } from './processes/process-info.ts';

export interface RunningServer {
  /** The program that started it, and that stops it. */
  readonly pid: number;
  /** When that program started: its pid alone may be another's by now. */
  readonly started: string;
  readonly port: number;
  readonly url: string;
  /** The number of the data directory in its file system: a copy of it has another. */
  readonly inode: string;
}

/**
 * The live server that announced itself on a data directory; a note that a killed one left does not count, nor one that was
 * copied with the data.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` for a folder in which others may write: the note could name any server and any process.
 */
export async function readRunningServer(dataDir: string): Promise<RunningServer | undefined> {
  requireOwnDataDirectory(dataDir);
  const server = readNote(dataDir);
  return server && (await isItsOwner(server)) && (await answers(server.port)) ? server : undefined;
}

/** Whether the server is still there in part: its program runs with the note in place, or its port answers. */
export async function isLingering(dataDir: string, server: RunningServer): Promise<boolean> {
  const note = readNote(dataDir);
  return (note?.started === server.started && (await isItsOwner(server))) || answers(server.port);
}

/**
 * Whole or not at all: a reader never sees half of it. The URL holds the password, so 0600. Only who holds the data directory announces
 * itself: what one that was killed left half-made is removed.
 */
export async function announceServer(dataDir: string, { port, url }: { port: number; url: string }): Promise<void> {
  const { pid } = process;
  const started = (await readProcess(pid))?.started ?? '';
  const server: RunningServer = { pid, started, port, url, inode: readInode(dataDir) };
  const staged = `${fileIn(dataDir)}.next`;
  rmSync(staged, { force: true });
  writeFileSync(staged, `${JSON.stringify(server, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(staged, fileIn(dataDir));
}

/** Only its own note: a server whose PostgreSQL ended by itself, or whose folder was emptied, may have a successor by now. */
export async function withdrawServer(dataDir: string): Promise<void> {
  if (readNote(dataDir)?.pid === process.pid) await rm(fileIn(dataDir), { force: true });
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'server.json');
}

function readNote(dataDir: string): RunningServer | undefined {
  try {
    const server = JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as RunningServer;
    return server.inode === readInode(dataDir) ? server : undefined;
  } catch {
    return undefined;
  }
}

function readInode(dataDir: string): string {
  return String(statSync(dataDir, { bigint: true }).ino);
}

async function isItsOwner({ pid, started }: RunningServer): Promise<boolean> {
  return (await readProcess(pid))?.started === started;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
