/** A counting semaphore. `p-limit` is not used: each of its calls costs a promise, and a waiting call cannot be aborted. */
export interface Semaphore {
  /** Takes a place. Returns undefined when a place was free; else a promise, which rejects when the signal aborts first. */
  acquire(signalOf: () => AbortSignal): Promise<void> | undefined;
  release(): void;
}

export function createSemaphore(max: number): Semaphore {
  let taken = 0;
  const waiting = new Set<() => void>();
  return {
    acquire: (signalOf) => {
      if (taken < max) {
        taken += 1;
        return undefined;
      }
      const signal = signalOf();
      return new Promise<void>((resolve, reject) => {
        signal.throwIfAborted();
        const onAbort = (): void => {
          waiting.delete(proceed);
          reject(signal.reason as Error);
        };
        const proceed = (): void => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        waiting.add(proceed);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
    release: () => {
      const [next] = waiting;
      if (next) {
        waiting.delete(next);
        next();
      } else taken -= 1;
    },
  };
}
