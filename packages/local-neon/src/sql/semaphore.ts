/**
 * A counting semaphore with a queue in order of arrival. Not `p-limit`: it makes a promise for each call, and here a
 * free place is taken without one; nor can a call that waits in its queue be aborted.
 */
export interface Semaphore {
  /**
   * Takes a place. Undefined when one was free; else a promise that resolves when the caller has its place, and rejects
   * with the reason of the signal when that aborts first. The signal is made only for a caller that has to wait.
   */
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
