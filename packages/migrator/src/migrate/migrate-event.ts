/** Events that a run of migrations reports. */
import type { LockHolder } from './migration-lock.ts';

/** `name` is the name of a migration, such as `0000_create_tables`. */
export type MigrateEvent =
  /** Such as `Connected over Neon's WebSocket.` */
  | { readonly kind: 'connected'; readonly route: string }
  | { readonly kind: 'waiting'; readonly holder: LockHolder | undefined }
  /** A shadow will be opened, because the tables exist and no migration is recorded. */
  | { readonly kind: 'comparing' }
  | { readonly kind: 'baselined'; readonly name: string }
  /** The limits of the run; 0 is no limit. */
  | { readonly kind: 'limits'; readonly lockTimeoutMs: number; readonly statementTimeoutMs: number }
  | { readonly kind: 'applying'; readonly name: string }
  /** An earlier run was interrupted in a file that runs outside a transaction. */
  | { readonly kind: 'continuing'; readonly name: string; readonly statementsDone: number }
  /** A concurrent build failed and left an invalid index, which is now dropped. */
  | { readonly kind: 'rebuilding'; readonly name: string; readonly index: string }
  /** A concurrent build had finished before the run was interrupted. */
  | { readonly kind: 'found'; readonly name: string; readonly index: string }
  /** A lock was not granted in time. The attempt is repeated after a pause. */
  | {
      readonly kind: 'retrying';
      readonly name: string;
      readonly attempt: number;
      readonly attempts: number;
      readonly pauseMs: number;
    }
  | { readonly kind: 'applied'; readonly name: string };
