/** Cancels the statement of a request whose client has disconnected, repeatedly until the statement ends. */
import type { Session } from './session.ts';

export interface AbortWatch {
  /** How many cancels were sent. */
  readonly cancelCount: () => number;
  stop(): void;
}

/** The watch begins after this time: creating the signal of a request costs as much as the rest of a short request. */
const WATCH_AFTER_MS = 10;
/** A cancel is lost when it arrives before PostgreSQL has begun the statement, or between two statements. */
const CANCEL_INTERVAL_MS = 500;

/** Cancels the session's statement when the signal aborts. The signal is created only for a request that takes long. */
export function watchForAbort({ cancel }: Session, signalOf: () => AbortSignal): AbortWatch {
  let signal: AbortSignal | undefined;
  let cancelCount = 0;
  let timer: NodeJS.Timeout;
  const sendCancel = (): void => {
    cancelCount += 1;
    cancel();
    timer = setTimeout(sendCancel, CANCEL_INTERVAL_MS);
  };
  timer = setTimeout(() => {
    signal = signalOf();
    if (signal.aborted) sendCancel();
    else signal.addEventListener('abort', sendCancel, { once: true });
  }, WATCH_AFTER_MS);
  return {
    cancelCount: () => cancelCount,
    stop: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', sendCancel);
    },
  };
}
