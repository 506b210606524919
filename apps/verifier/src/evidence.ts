/** Evidence: data that a check records for reports. It does not affect the result. */
import type { MigrationState } from '@todo/migrator';

export type Evidence =
  /** The database of the run, as names and values in display order. */
  | { readonly kind: 'identity'; readonly facts: Readonly<Record<string, string>> }
  | { readonly kind: 'migrations'; readonly migrations: readonly MigrationState[] }
  | {
      readonly kind: 'latency';
      readonly transport: 'http' | 'websocket';
      readonly firstMs: number;
      readonly medianMs: number;
      readonly p95Ms: number;
    }
  /** `what` describes the query; `plan` is in the text format of EXPLAIN. */
  | { readonly kind: 'plan'; readonly what: string; readonly query: string; readonly plan: string };
