/** What a check saw that a report can draw: it proves nothing by itself. */
import type { MigrationState } from '@todo/migrator';

export type Evidence =
  /** Where the run is: name and value, in the order to be read. */
  | { readonly kind: 'identity'; readonly facts: Readonly<Record<string, string>> }
  | { readonly kind: 'migrations'; readonly migrations: readonly MigrationState[] }
  | {
      readonly kind: 'latency';
      readonly transport: 'http' | 'websocket';
      readonly firstMs: number;
      readonly medianMs: number;
      readonly p95Ms: number;
    }
  /** `plan` as `EXPLAIN` prints it for people. */
  | { readonly kind: 'plan'; readonly what: string; readonly query: string; readonly plan: string };
