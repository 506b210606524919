/** Ctrl-C and its like: the first ends the run in order, the second at once. So does the end of who launched it. */
import { launchersGone } from '@todo/local-neon';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface InterruptionHandlers {
  readonly onFirst: () => void;
  readonly onSecond: () => void;
}

/** Gives a signal that is aborted at the first. */
export function listenForInterruption({ onFirst, onSecond }: InterruptionHandlers): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) return onSecond();
    onFirst();
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  void launchersGone().then(() => controller.abort());
  return controller.signal;
}
