/** Cancels the statement of a request whose client has disconnected, until the statement ends. */
import type { Session } from './session.ts';

export interface AbortWatch {
  /** How many cancels were sent. */
  readonly cancels: () => number;
  stop(): void;
}

/** The watch begins after this time: creating the signal of a request costs as much as the rest of a short request. */
const UNWATCHED_MS = 10;
/** A cancel is lost when it arrives before PostgreSQL has begun the statement, or between two statements. */
const CANCEL_AGAIN_MS = 500;

/** Cancels the session's statement when the signal aborts. The signal is created only for a request that takes long. */
export function watchForAbort({ cancel }: Session, signalOf: () => AbortSignal): AbortWatch {
  let signal: AbortSignal | undefined;
  let cancels = 0;
  let timer: NodeJS.Timeout;
  const cancelAgain = (): void => {
    cancels += 1;
    cancel();
    timer = setTimeout(cancelAgain, CANCEL_AGAIN_MS);
  };
  timer = setTimeout(() => {
    signal = signalOf();
    if (signal.aborted) cancelAgain();
    else signal.addEventListener('abort', cancelAgain, { once: true });
  }, UNWATCHED_MS);
  return {
    cancels: () => cancels,
    stop: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancelAgain);
    },
  };
}
