/** Reports the operations of all clients to the observer that `@todo/client/diagnostics` sets. A program without diagnostics has no observer. */
import type { DatabaseError } from '../errors/database-error.ts';

export type OperationKind = 'query' | 'batch' | 'transaction' | 'connect' | 'pool-wait';

/** Called when an operation failed, has changed nothing, and will be tried again. */
export type OnRetry = (error: DatabaseError, pauseMs: number) => void;

export interface Observer {
  /** @param url With the password, which an observer must not pass on. Undefined for a WebSocket client without a URL. */
  observe<T>(
    kind: OperationKind,
    url: URL | undefined,
    statements: readonly string[],
    run: (onRetry?: OnRetry) => Promise<T>,
  ): Promise<T>;
  /** For a retry outside an operation. */
  readonly onRetry: OnRetry;
}

// Registered by name: a bundler may put this module into several bundles of one program.
export const OBSERVER = Symbol.for('@todo/client observer');

/** The observer of this process; undefined when diagnostics are off. */
export function observer(): Observer | undefined {
  return (globalThis as { readonly [OBSERVER]?: Observer })[OBSERVER];
}

/** Runs an operation, and tells the observer about it if there is one. */
export const observe: Observer['observe'] = (kind, url, statements, run) =>
  observer()?.observe(kind, url, statements, run) ?? run();
