/** The events on Node's diagnostics channels: SQL text with placeholders, names, numbers; never values, passwords or error objects. */

/** One operation. All channels of its tracing channel get the same object. Fields that are unknown at `start` are set later. */
export interface OperationEvent {
  /** From the connection string. Undefined for a WebSocket client without one. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
  /** The SQL texts, with placeholders such as `$1`: one for a query, several for a batch, none for the other operations. */
  readonly statements: readonly string[];
  /** The number of attempts so far. */
  attempts: number;
  durationMs?: number;
  /** How many rows a query or a batch returned or changed. */
  rows?: number;
  /** The `kind` of the error; `other` for an error that did not come from the database. */
  error?: string;
  /** The SQLSTATE, or the system's code of a network failure. */
  code?: string | undefined;
  /** Runs the operation. A subscriber of `start` may replace it, for example to run the operation in the context of a span. */
  inContext: <T>(operation: () => Promise<T>) => Promise<T>;
}

/** A failed attempt that changed nothing and is repeated after a pause. */
export interface RetryEvent {
  /** The `kind` of the error. */
  readonly error: string;
  readonly code: string | undefined;
  readonly pauseMs: number;
}
