/** One session (one WebSocket, one backend) for SQL text: for migrations and for reading catalogs. */
// An app may compile for `es2022`, which has no `AsyncDisposable`.
/// <reference lib="esnext.disposable" preserve="true" />
import { connectionFields, directHostOf, parseConnectionUrl } from './connection-url.ts';
import type { Endpoint } from './endpoint.ts';
import { requireNumber } from './number-option.ts';
import { clientClass } from './websocket-client.ts';

/** A connection for SQL text. A connected client of the `pg` package is a `Session` too. */
export interface Session {
  /**
   * Runs one statement. Without parameters, `text` may have several statements, whose rows are not returned. A date is text or a `Date`,
   * depending on the type parsers of the process: cast dates to `text` or to a number in SQL.
   */
  query(text: string, params?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

export interface SessionOptions {
  /** Time limit for connecting, including the start of a suspended compute. Default 10 000. */
  readonly connectTimeoutMs?: number;
  /** The name in `pg_stat_activity`, unless the connection string has `application_name`. Default: the driver's name. */
  readonly applicationName?: string;
  /** The address of Neon's WebSocket, as in `connectWebSocket`. Default: the address from the connection string. */
  readonly wsProxy?: Endpoint;
}

export interface OwnSession extends Session, AsyncDisposable {
  /** Ends the session and releases its locks, open transaction and settings. A second call is allowed. */
  close(): Promise<void>;
}

/**
 * Opens a session. It is connected when the promise resolves. A pooled connection string is changed to connect directly to the compute:
 * Neon's pooler shares one backend among many clients, so settings and locks of a session would affect other clients.
 * @throws {DatabaseUrlError} when the connection string is missing or wrong; {RangeError} for an invalid `connectTimeoutMs`.
 */
export async function connectSession(url: string | undefined, options: SessionOptions = {}): Promise<OwnSession> {
  const { connectTimeoutMs = 10_000, applicationName, wsProxy } = options;
  const parsed = parseConnectionUrl(url);
  requireNumber('connectTimeoutMs', connectTimeoutMs, 1);
  parsed.hostname = directHostOf(parsed) ?? parsed.hostname;
  const fields = connectionFields(parsed);
  const client = new (clientClass(parsed, connectTimeoutMs, wsProxy))({
    ...fields,
    application_name: truncateName(fields.application_name ?? applicationName),
    connectionTimeoutMillis: connectTimeoutMs,
  });
  // The driver's shortcut sends the password before the server asks, and reports a refused password only to the first statement.
  client.neonConfig.pipelineConnect = false;
  // Listen now: the driver's own `end()` waits for ever when this event has already happened.
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  await client.connect();

  const close = () => {
    void client.end();
    return ended;
  };
  return {
    query: (text, params) => client.query(text, params),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** At most 63 characters of the name: PostgreSQL keeps 63 bytes, and refuses a startup packet above 10,000 bytes. The character U+0000 would end the name. */
function truncateName(name: string | undefined): string | undefined {
  return name?.replaceAll('\0', '').slice(0, 63);
}
