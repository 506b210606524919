/** Retries requests that did not run or only read; never a write whose outcome is unknown. */
import { DatabaseError } from '../errors/database-error.ts';
import { pause, pauseAfter } from './back-off.ts';
import type { OnRetry } from './observer.ts';

/**
 * Time limit for retries of other failures, counted from the first one. Only a waking compute is waited for until the deadline. A developer
 * should not wait half a minute for a port on which nothing listens.
 */
const PATIENCE_MS = 2000;

/**
 * Returns the result of the first successful attempt. After a `connection` error that is `retryable`, the attempt changed nothing, and
 * another attempt follows.
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
  let sleep: DatabaseError | undefined;
  let failedAtMs: number | undefined;
  for (let retries = 0; ; retries += 1) {
    try {
      return await attempt(Math.max(1, Math.ceil(timeoutMs - elapsedMs())));
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      // The last attempt had little time left, so the error before it tells more.
      if (error.kind === 'timeout' && sleep !== undefined) throw asleep(sleep, timeoutMs);
      if (error.kind !== 'connection' || !error.retryable || !mayRetry()) throw error;
      sleep = isWaking(error) ? error : undefined;
      failedAtMs ??= elapsedMs();
      const limitMs = sleep === undefined ? Math.min(timeoutMs, failedAtMs + PATIENCE_MS) : timeoutMs;
      const pauseMs = pauseAfter(retries);
      if (elapsedMs() + pauseMs > limitMs) throw sleep === undefined ? error : asleep(sleep, timeoutMs);
      onRetry?.(error, pauseMs);
      await pause(pauseMs);
    }
  }
}

/** `cannot_connect_now`, or the messages of Neon's proxy for a waking compute. */
function isWaking({ code, message }: DatabaseError): boolean {
  return code === '57P03' || /compute node|Control plane request failed/.test(message);
}

function asleep({ message, code }: DatabaseError, limitMs: number): DatabaseError {
  const advice = 'A sleeping compute wakes within seconds: look at it in the Neon console.';
  return new DatabaseError('connection', `The compute did not wake within ${limitMs} ms. ${message} ${advice}`, {
    code,
    retryable: true,
  });
}
