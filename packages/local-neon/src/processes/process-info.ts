/** Reads the parent, start time and command line of another process. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

import { ifPossible } from '../if-possible.ts';

export interface ProcessInfo {
  /** The pid of the parent. */
  readonly parent: number;
  /** The start time, as the operating system prints it. With the pid it is unique; a pid alone is reused. */
  readonly startTime: string;
  /** The command line, joined with spaces. */
  readonly command: string;
}

/** Reads about a process; undefined when it does not exist. */
export async function readProcess(pid: number): Promise<ProcessInfo | undefined> {
  return process.platform === 'linux' ? ifPossible(() => readProcFile(pid)) : askPs(pid).catch(() => undefined);
}

/** Linux: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. The name, in parentheses, may contain spaces. */
function readProcFile(pid: number): ProcessInfo {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  // The fields after the name, from the third on: the parent is the fourth field, and the start time the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), startTime: fields[19] ?? '', command: commandLine.replaceAll('\0', ' ') };
}

/** macOS. */
async function askPs(pid: number): Promise<ProcessInfo> {
  const columns = ['-o', 'ppid=,lstart=,args=', '-p', String(pid)];
  // The start time is in the caller's language and time zone, and has five words: `Mon Nov 30 22:31:51 2026`.
  const { stdout } = await promisify(execFile)('/bin/ps', columns, { env: { LC_ALL: 'C', TZ: 'UTC' } });
  const [, parent, startTime = '', command = ''] = /^\s*(\d+)\s+((?:\S+\s+){4}\d+)\s+(.*)/s.exec(stdout) ?? [];
  return { parent: Number(parent), startTime, command };
}
