/** Logs one line of JSON per request, without values of the request. */
import { httpStatusOf, toDatabaseError } from '@todo/db/errors';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';

export interface LogEntry {
  readonly time: string;
  readonly requestId: string;
  readonly method: string;
  /** The pattern, such as `/todos/:id`, and not the path. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly error?: LoggedError | undefined;
}

interface LoggedError {
  readonly name: string;
  readonly kind: string | undefined;
  readonly code: unknown;
  /** The stack frames of an unexpected error. Its message is left out, because it may contain values. */
  readonly stack: readonly string[] | undefined;
}

export type Log = (entry: LogEntry) => void;

/** The variables of a request that the log reads. */
interface LoggedEnv {
  readonly Variables: { readonly requestId: string; failure: unknown };
}

/** Returns middleware that logs each request. */
export function logRequests(log: Log): MiddlewareHandler<LoggedEnv> {
  return async (c, next) => {
    const startedAt = performance.now();
    await next();
    log({
      time: new Date().toISOString(),
      requestId: c.get('requestId'),
      method: c.req.method,
      route: routePath(c),
      status: c.res.status,
      durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
      error: describeFailure(c.get('failure')),
    });
  };
}

/** The parts of an error to log. Undefined if no error was recorded. */
function describeFailure(failure: unknown): LoggedError | undefined {
  if (!(failure instanceof Error)) return undefined;
  const { kind } = toDatabaseError(failure) ?? {};
  const isExpected = kind !== undefined || httpStatusOf(failure) < 500;
  const frames = (failure.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return {
    name: failure.name,
    kind,
    code: (failure as { readonly code?: unknown }).code,
    stack: isExpected ? undefined : frames.map((line) => line.trim()),
  };
}

/** Writes the entries to a stream, one per line. */
export function logTo(stream: { write(line: string): unknown }): Log {
  return (entry) => void stream.write(`${JSON.stringify(entry)}\n`);
}
