/** Lists processes, for tests that none is left. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readdir, readFile } from 'node:fs/promises';

/** The command lines that contain a path. */
export async function commandsNaming(path: string): Promise<string[]> {
  const commands = process.platform === 'linux' ? await readProc() : await askPs();
  return commands.filter((command) => command.includes(path));
}

async function readProc(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(pids.map(readCommand))).map((command) => command.replaceAll('\0', ' '));
}

/** The process may have ended meanwhile. */
async function readCommand(pid: string): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}

async function askPs(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('/bin/ps', ['-ax', '-o', 'args='], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split('\n');
}
