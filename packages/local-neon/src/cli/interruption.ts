/** The ways in which a command that runs on is told to end. */
import { constants } from 'node:os';

import { parentExited } from '../processes/parent-watch.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type Signal = (typeof SIGNALS)[number];

/** Calls `told` at each signal from now on, and with SIGTERM when the package manager that launched us has gone. */
export function onInterruption(told: (signal: Signal) => void): void {
  for (const signal of SIGNALS) process.on(signal, told);
  void parentExited().then(() => told('SIGTERM'));
}

/** The exit code of a program that ended by a signal, as shells write it. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
