/** One session, that is one WebSocket and one backend, that speaks SQL text: for migrations and for reading catalogs. */
// An app may compile for `es2022`, which has no `AsyncDisposable`.
/// <reference lib="esnext.disposable" preserve="true" />
import { connectionFields, directHostOf, parseConnectionUrl } from './connection-url.ts';
import type { Endpoint } from './endpoint.ts';
import { requireNumber } from './number-option.ts';
import { clientClass } from './websocket-client.ts';

/** Where SQL text can be sent. A connected client of the `pg` package is one, too. */
export interface Session {
  /**
   * Runs one statement; without parameters it may be several, whose rows are not returned. Dates come back as the process's
   * type parsers leave them, text or `Date`: cast them to `text` or to a number in SQL.
   */
  query(text: string, params?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

export interface SessionOptions {
  /** How long to wait for the connection, a waking compute included. Default 10 000. */
  readonly connectTimeoutMs?: number;
  /** What others see in `pg_stat_activity`, unless the connection string says `application_name`. Default: the driver's name. */
  readonly applicationName?: string;
  /** The address of Neon's WebSocket, as of `connectWebSocket`. Default: what the connection string says. */
  readonly wsProxy?: Endpoint;
}

export interface OwnSession extends Session, AsyncDisposable {
  /** Ends the session; what it held (locks, an open transaction, settings) goes with it. Calling it again is fine. */
  close(): Promise<void>;
}

/**
 * Opens a session, connected when the promise resolves. With a pooled connection string it goes around Neon's pooler, straight to
 * the compute: a pooler gives one backend to many, and what a session sets or locks would be anybody's.
 * @throws {DatabaseUrlError} when the connection string is missing or wrong; {RangeError} for a `connectTimeoutMs` that is none.
 */
export async function connectSession(url: string | undefined, options: SessionOptions = {}): Promise<OwnSession> {
  const { connectTimeoutMs = 10_000, applicationName, wsProxy } = options;
  const parsed = parseConnectionUrl(url);
  requireNumber('connectTimeoutMs', connectTimeoutMs, 1);
  parsed.hostname = directHostOf(parsed) ?? parsed.hostname;
  const fields = connectionFields(parsed);
  const client = new (clientClass(parsed, connectTimeoutMs, wsProxy))({
    ...fields,
    application_name: shownName(fields.application_name ?? applicationName),
    connectionTimeoutMillis: connectTimeoutMs,
  });
  // The driver's shortcut sends the password unasked and reports a refusal only to the first statement.
  client.neonConfig.pipelineConnect = false;
  // The driver's own `end()` waits for this event for ever when it has come already.
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

/** As PostgreSQL cuts it, which refuses a startup packet of more than 10,000 bytes; a NUL would end it. */
function shownName(name: string | undefined): string | undefined {
  return name?.replaceAll('\0', '').slice(0, 63);
}
