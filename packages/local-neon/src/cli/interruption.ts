/** Handles interruptions of a running command: signals, and the end of the package manager that started it. */
import { parentExited } from '../processes/parent-watch.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type Signal = (typeof SIGNALS)[number];

/** Calls `handle` at each signal, and with SIGTERM when the package manager that started this program has ended. */
export function onInterruption(handle: (signal: Signal) => void): void {
  for (const signal of SIGNALS) process.on(signal, handle);
  void parentExited().then(() => handle('SIGTERM'));
}
