/** Closes open resources and ends a command on Ctrl-C, on another signal, and when the package manager that started it ends. */
import { once } from 'node:events';

import { CommandFailure, EXIT } from './failure.ts';
import { findParentWatch } from './local-neon-package.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs `work` until it ends or a signal arrives. After a signal, the function rejects, so that the caller closes the open resources. `work`
 * gets an `AbortSignal`, which is aborted when its result is no longer needed.
 */
export async function runUntilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const listening = new AbortController();
  const interrupted = SIGNALS.map(async (name): Promise<never> => {
    await once(process, name, { signal: listening.signal });
    throw new CommandFailure(EXIT.interrupted, `Interrupted (${name}).`);
  });
  try {
    return await Promise.race([work(listening.signal), failWhenParentExits(), ...interrupted]);
  } finally {
    listening.abort();
  }
}

/** Rejects when the package manager ends. Without local-neon, no parent watch is available, so this promise never settles. */
async function failWhenParentExits(): Promise<never> {
  const parentWatch = await findParentWatch();
  await (parentWatch?.parentExited() ?? new Promise(() => {}));
  throw new CommandFailure(EXIT.interrupted, 'Interrupted: the package manager that started this command has ended.');
}
