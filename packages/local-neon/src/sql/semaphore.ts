/** Lets so many in at once; who comes then waits for his turn, in order of arrival. */
export interface Semaphore {
  /** Undefined for who is in at once. Rejects with what the signal was aborted with, which only who has to wait is asked for. */
  enter(signalOf: () => AbortSignal): Promise<void> | undefined;
  leave(): void;
}

export function createSemaphore(max: number): Semaphore {
  let inside = 0;
  const waiting = new Set<() => void>();
  return {
    enter: (signalOf) => {
      if (inside < max) {
        inside += 1;
        return undefined;
      }
      const signal = signalOf();
      return new Promise<void>((resolve, reject) => {
        signal.throwIfAborted();
        const giveUp = (): void => {
          waiting.delete(goIn);
          reject(signal.reason as Error);
        };
        const goIn = (): void => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        };
        waiting.add(goIn);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
    leave: () => {
      const [next] = waiting;
      if (next) {
        waiting.delete(next);
        next();
      } else inside -= 1;
    },
  };
}
