/** Trying again what certainly did not run, or only read; never a write whose fate is unknown. */
import { DatabaseError } from '../errors/database-error.ts';
import { pause, pauseAfter } from './back-off.ts';

/**
 * A compute that wakes is waited for until the deadline. Anything else that is in the way is given this long, from when it first was: a port where nothing
 * listens should not keep a developer waiting for half a minute.
 */
const PATIENCE_MS = 2000;

/**
 * Gives what the first successful attempt gives. Another one is made after a `connection` error that is `retryable`: that attempt
 * changed nothing.
 * @param attempt Gets the time that is left for all, in milliseconds.
 * @param mayRetry Asked before each further attempt.
 */
export async function withRetries<T>(
  timeoutMs: number,
  attempt: (remainingMs: number) => Promise<T>,
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
      // The last attempt had little time left: what came before it says more.
      if (error.kind === 'timeout' && sleep !== undefined) throw asleep(sleep, timeoutMs);
      if (error.kind !== 'connection' || !error.retryable || !mayRetry()) throw error;
      sleep = isWaking(error) ? error : undefined;
      failedAtMs ??= elapsedMs();
      const limitMs = sleep === undefined ? Math.min(timeoutMs, failedAtMs + PATIENCE_MS) : timeoutMs;
      const pauseMs = pauseAfter(retries);
      if (elapsedMs() + pauseMs > limitMs) throw sleep === undefined ? error : asleep(sleep, timeoutMs);
      await pause(pauseMs);
    }
  }
}

/** `cannot_connect_now`, and Neon's proxy in its own words. */
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
