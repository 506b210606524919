/**
 * `npx pnpm …` is a chain: npm, a shell, pnpm, a shell, this program. Killed or told to end, npm tells its child nothing, and
 * the rest of the chain would serve on for nobody. So a program watches whether its chain is whole.
 */
import { readProcess } from './process-info.ts';

interface Launcher {
  readonly pid: number;
  readonly parent: number;
}

const POLL_MS = 500;
const PACKAGE_MANAGER = /(^|[\s/])(npm|npx|pnpm|turbo)\b/;
const SHELL_COMMAND = /^\S*sh -c /;

/**
 * Resolves when a package manager that launched this program has gone; never, when none did. Waiting for it keeps no program
 * alive.
 */
export async function parentExited(): Promise<void> {
  const chain = await readChain();
  if (chain.length === 0) return new Promise(() => {});
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      void isWhole(chain).then((whole) => {
        if (whole) return;
        clearInterval(timer);
        resolve();
      });
    }, POLL_MS).unref();
  });
}

/** From this program up to the topmost package manager; a shell above that one is its user's own. */
async function readChain(): Promise<Launcher[]> {
  const chain: Launcher[] = [];
  let length = 0;
  let pid = process.pid;
  let info = await readProcess(pid);
  while (info && info.parent > 1) {
    chain.push({ pid, parent: info.parent });
    pid = info.parent;
    info = await readProcess(pid);
    const isShell = info !== undefined && SHELL_COMMAND.test(info.command);
    // A shell whose command only mentions a package manager is none.
    if (!isShell && info && PACKAGE_MANAGER.test(info.command)) length = chain.length;
    else if (!isShell) break;
  }
  return chain.slice(0, length);
}

/** A child whose parent has ended belongs to another one. */
async function isWhole(chain: readonly Launcher[]): Promise<boolean> {
  const infos = await Promise.all(chain.map(({ pid }) => readProcess(pid)));
  return infos.every((info, index) => info?.parent === chain[index]?.parent);
}
