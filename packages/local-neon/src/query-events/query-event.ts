/** What is told of a query that ran. */
import { redactLiterals } from './redact-literals.ts';

export type Transport = 'http' | 'websocket' | 'tcp';

export interface QueryEvent {
  readonly transport: Transport;
  /** The database. */
  readonly branch: string;
  /** The statement, at most its first 16 kB, with '…' for each string in it and without comments. Parameters are never told. */
  readonly statement: string;
  readonly durationMs: number;
  /** Rows returned or changed; null for a command that counts none, and for a failed one. */
  readonly rowCount: number | null;
  /** The SQLSTATE of a failed one. */
  readonly error?: string;
}

/** Called after each query; it must not throw. */
export type OnQuery = (event: QueryEvent) => void;

export interface Outcome {
  readonly rowCount: number | null;
  readonly error?: string | undefined;
}

export const STATEMENT_BYTES_MAX = 16_384;

/** Takes the time from now on, and tells of the query when its outcome is known. */
export function startTimer(
  onQuery: OnQuery,
  query: Pick<QueryEvent, 'transport' | 'branch' | 'statement'>,
): (outcome: Outcome) => void {
  const start = performance.now();
  return ({ rowCount, error }) => {
    const durationMs = performance.now() - start;
    const statement = redactLiterals(query.statement.slice(0, STATEMENT_BYTES_MAX));
    onQuery({ ...query, statement, durationMs, rowCount, ...(error === undefined ? {} : { error }) });
  };
}
