/** Interruptions: the first signal stops the run after clean-up, the second at once. The exit of the parent process counts as a first signal. */
import { parentExited } from '@todo/local-neon/parent-watch';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface InterruptionHandlers {
  readonly onFirst: () => void;
  readonly onSecond: () => void;
}

export interface Interruption {
  /** Aborted at the first interruption. */
  readonly signal: AbortSignal;
  /** Has the effect of a signal. While a question is open, Ctrl-C is a key press and sends no signal. */
  readonly interrupt: () => void;
  /** Stops listening. */
  readonly stop: () => void;
}

/** Listens for signals and for the exit of the parent process. */
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
