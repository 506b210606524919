/**
 * Ctrl-C and its like, and the end of the package manager that launched it, end a command in order: what it started is
 * closed before the process goes.
 */
import { once } from 'node:events';

import { CommandFailure, EXIT } from './failure.ts';
import { findParentWatch } from './local-neon-package.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs `work` until it ends or a signal arrives; then rejects, and leaves it to the caller to close what is open. `work`
 * gets an `AbortSignal` that fires when nobody waits for it any more.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const listening = new AbortController();
  const interrupted = SIGNALS.map(async (name): Promise<never> => {
    await once(process, name, { signal: listening.signal });
    throw new CommandFailure(EXIT.interrupted, `Interrupted (${name}).`);
  });
  try {
    return await Promise.race([work(listening.signal), abandoned(), ...interrupted]);
  } finally {
    listening.abort();
  }
}

/** Where local-neon is not installed, nobody launches a command and leaves it. */
async function abandoned(): Promise<never> {
  const parentWatch = await findParentWatch();
  await (parentWatch?.parentExited() ?? new Promise(() => {}));
  throw new CommandFailure(EXIT.interrupted, 'Interrupted: what launched this command has ended.');
}
