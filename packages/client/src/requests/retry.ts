/** Retries requests that did not run or only read; never a write whose outcome is unknown. */
import { DatabaseError } from '../errors/database-error.ts';
import { pause, pauseAfter } from './back-off.ts';
import type { OnRetry } from './observer.ts';

/** The limit for retries after the first failure, unless a compute starts: nobody should wait half a minute for a port without a server. */
const UNREACHABLE_LIMIT_MS = 2000;

/**
 * Repeats `attempt` until it succeeds, and returns its result. Retries only after a `connection` error that is `retryable`: such an attempt
 * changed nothing.
 * @param attempt Gets the time that is left for all attempts, in milliseconds.
 * @param onRetry Called before the pause of each retry.
 * @param mayRetry Called before each retry.
 */
export async function withRetries<T>(
  timeoutMs: number,
  attempt: (remainingMs: number) => Promise<T>,
  onRetry?: OnRetry,
  mayRetry: () => boolean = () => true,
): Promise<T> {
  const startedAt = performance.now();
  const elapsedMs = () => performance.now() - startedAt;
  /** The latest error, if it says that the compute is starting. */
  let startingError: DatabaseError | undefined;
  let failedAtMs: number | undefined;
  for (let retries = 0; ; retries += 1) {
    try {
      return await attempt(Math.max(1, Math.ceil(timeoutMs - elapsedMs())));
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      // The last attempt had little time left, so the previous error says more.
      if (error.kind === 'timeout' && startingError !== undefined) throw startTimeoutError(startingError, timeoutMs);
      if (error.kind !== 'connection' || !error.retryable || !mayRetry()) throw error;
      startingError = isStarting(error) ? error : undefined;
      failedAtMs ??= elapsedMs();
      const limitMs = startingError === undefined ? Math.min(timeoutMs, failedAtMs + UNREACHABLE_LIMIT_MS) : timeoutMs;
      const pauseMs = pauseAfter(retries);
      if (elapsedMs() + pauseMs > limitMs)
        throw startingError === undefined ? error : startTimeoutError(startingError, timeoutMs);
      onRetry?.(error, pauseMs);
      await pause(pauseMs);
    }
  }
}

/** Whether the error says that the compute is starting: `cannot_connect_now`, or a message of Neon's proxy. */
function isStarting({ code, message }: DatabaseError): boolean {
  return code === '57P03' || /compute node|Control plane request failed/.test(message);
}

function startTimeoutError({ message, code }: DatabaseError, limitMs: number): DatabaseError {
  const advice = 'A suspended compute starts within seconds: look at it in the Neon console.';
  const whole = `The compute did not start within ${limitMs} ms. ${message} ${advice}`;
  return new DatabaseError('connection', whole, { code, retryable: true });
}
