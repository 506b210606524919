/** Stops a server on a signal, after its running requests have ended. */
import { waitAtMost } from './wait-at-most.ts';

const CLOSE_TIMEOUT_MS = 10_000;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Waits for SIGTERM or SIGINT, then at most ten seconds for `close`, or it throws. A second signal ends the process at once. */
export async function waitForStop(close: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = () => {
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, stop);
  });
  const reason = `Requests were still running ${CLOSE_TIMEOUT_MS / 1000} s after the signal. They get no response.`;
  await waitAtMost(CLOSE_TIMEOUT_MS, close(), reason);
}
