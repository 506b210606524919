/** Ctrl-C and its like: the first ends the run in order, the second at once. So does the end of who launched it. */
import { parentExited } from '@todo/local-neon/parent-watch';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface InterruptionHandlers {
  readonly onFirst: () => void;
  readonly onSecond: () => void;
}

export interface Interruption {
  /** Aborted at the first. */
  readonly signal: AbortSignal;
  /** Does as a signal would: a terminal that reads lines takes Ctrl-C for a key. */
  readonly interrupt: () => void;
  /** Leaves the signals to whoever else listens. */
  readonly stop: () => void;
}

export function listenForInterruption({ onFirst, onSecond }: InterruptionHandlers): Interruption {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) return onSecond();
    onFirst();
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  void parentExited().then(() => controller.abort());
  return {
    signal: controller.signal,
    interrupt,
    stop: () => {
      for (const signal of SIGNALS) process.off(signal, interrupt);
    },
  };
}
