/**
 * Detects the end of the package manager that started this program. `npx pnpm …` starts a chain of processes: npm, a
 * shell, pnpm, a shell, this program. A killed npm does not signal its child, so the rest of the chain would run on.
 * Therefore this program watches whether each process of the chain still has its parent.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { readProcess } from './process-info.ts';

/** A process and its parent, as they were when this program started. */
interface Link {
  readonly pid: number;
  readonly parent: number;
}

const POLL_MS = 500;
const PACKAGE_MANAGER = /(^|[\s/])(npm|npx|pnpm|turbo)\b/;
const SHELL_COMMAND = /^\S*sh -c /;

/** Resolves when a package manager that started this program has ended. Does not keep the process alive. */
export async function parentExited(): Promise<void> {
  const chain = await readChain();
  if (chain.length === 0) return new Promise(() => {});
  do await delay(POLL_MS, undefined, { ref: false });
  while (await areParentsAlive(chain));
}

/** The processes from this program up to the child of the topmost package manager. A shell above that package manager is the user's own. */
async function readChain(): Promise<Link[]> {
  const chain: Link[] = [];
  let lengthToManager = 0;
  let pid = process.pid;
  let info = await readProcess(pid);
  while (info && info.parent > 1) {
    chain.push({ pid, parent: info.parent });
    pid = info.parent;
    info = await readProcess(pid);
    const isShell = info !== undefined && SHELL_COMMAND.test(info.command);
    // A shell whose command line only mentions a package manager does not count as one.
    if (!isShell && info && PACKAGE_MANAGER.test(info.command)) lengthToManager = chain.length;
    else if (!isShell) break;
  }
  return chain.slice(0, lengthToManager);
}

/** Whether all processes still have their parent. The operating system gives another parent to a process whose parent has ended. */
async function areParentsAlive(chain: readonly Link[]): Promise<boolean> {
  const infos = await Promise.all(chain.map(({ pid }) => readProcess(pid)));
  return infos.every((info, index) => info?.parent === chain[index]?.parent);
}
