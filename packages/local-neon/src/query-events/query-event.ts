/** The event that is reported for each query. */
import { redactLiterals } from './redact-literals.ts';

export type Transport = 'http' | 'websocket' | 'tcp';

export interface QueryEvent {
  readonly transport: Transport;
  /** The database. */
  readonly branch: string;
  /** The first 16 kB, with '…' for each string, without comments. Parameters are never reported. */
  readonly statement: string;
  readonly durationMs: number;
  /** Rows returned or changed; null for a command that counts none, and for a failed query. */
  readonly rowCount: number | null;
  /** The SQLSTATE of a failed query. */
  readonly error?: string;
}

/** Called after each query. It must not throw. */
export type OnQuery = (event: QueryEvent) => void;

export interface Outcome {
  readonly rowCount: number | null;
  readonly error?: string | undefined;
}

/** Reports a query that has ended. */
export type Report = (outcome: Outcome) => void;

export const STATEMENT_BYTES_MAX = 16_384;

/** Starts the timer of a query. The returned function stops the timer and calls `onQuery`. */
export function startTimer(onQuery: OnQuery, query: Pick<QueryEvent, 'transport' | 'branch' | 'statement'>): Report {
  const start = performance.now();
  return ({ rowCount, error }) => {
    const durationMs = performance.now() - start;
    const statement = redactLiterals(query.statement.slice(0, STATEMENT_BYTES_MAX));
    onQuery({ ...query, statement, durationMs, rowCount, ...(error === undefined ? {} : { error }) });
  };
}
