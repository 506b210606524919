/** What a run of migrations tells while it goes on. */
import type { LockHolder } from './migration-lock.ts';

/** `name` is a migration's, such as `0000_create_tables`. */
export type MigrateEvent =
  /** Such as `Connected over Neon's WebSocket.` */
  | { readonly kind: 'connected'; readonly route: string }
  | { readonly kind: 'waiting'; readonly holder: LockHolder | undefined }
  /** A shadow is about to be opened: the tables are there, and nothing says which migrations made them. */
  | { readonly kind: 'comparing' }
  | { readonly kind: 'baselined'; readonly name: string }
  /** In force from here on; 0 is no limit. */
  | { readonly kind: 'limits'; readonly lockTimeoutMs: number; readonly statementTimeoutMs: number }
  | { readonly kind: 'applying'; readonly name: string }
  /** An earlier run left a file outside a transaction half done. */
  | { readonly kind: 'continuing'; readonly name: string; readonly statementsDone: number }
  /** A concurrent build had left an invalid index; it is dropped. */
  | { readonly kind: 'rebuilding'; readonly name: string; readonly index: string }
  /** A concurrent build had come to its end before the run was interrupted. */
  | { readonly kind: 'found'; readonly name: string; readonly index: string }
  /** A lock was not granted in time; it is asked for again after a pause. */
  | {
      readonly kind: 'retrying';
      readonly name: string;
      readonly attempt: number;
      readonly attempts: number;
      readonly pauseMs: number;
    }
  | { readonly kind: 'applied'; readonly name: string };
