/** Computes the pause before a retry. */

const PAUSE_MAX_MS = 1000;
/** The limit of the first pause. */
const FIRST_PAUSE_MAX_MS = 50;

/** A random pause below a limit that doubles with each failure, so that clients that failed together do not retry together. */
export function pauseAfter(failures: number): number {
  return Math.random() * Math.min(PAUSE_MAX_MS, FIRST_PAUSE_MAX_MS * 2 ** failures);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
