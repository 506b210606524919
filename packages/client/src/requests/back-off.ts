/** The pause before something is tried again. */

const PAUSE_MAX_MS = 1000;

/** The limit doubles with each failure, and the pause is anything below: those that failed together must not meet again. */
export function pauseAfter(failures: number): number {
  return Math.random() * Math.min(PAUSE_MAX_MS, 50 * 2 ** failures);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
