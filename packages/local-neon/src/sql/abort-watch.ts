/** The client of a request that leaves: what the request runs is cancelled, again and again until it ends. */
import type { Session } from './session.ts';

export interface AbortWatch {
  /** How often it was cancelled so far. */
  readonly cancels: () => number;
  stop(): void;
}

/** Until then nobody watches whether the client leaves: a request's signal costs as much as all the rest of a short one. */
const UNWATCHED_MS = 10;
/** A cancel that comes before PostgreSQL has begun, or between two statements, is lost. */
const CANCEL_AGAIN_MS = 500;

/** Cancels what the session runs when the signal aborts, which only a request that takes long is asked for. */
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
