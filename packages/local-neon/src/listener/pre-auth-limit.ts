/**
 * Limits connections before authentication: connections without a complete request, and sessions that have not logged in.
 * Each uses a scarce resource, so its time is limited. When there are too many connections, the oldest are closed.
 */
export interface PreAuthLimit<Connection extends object> {
  /** Starts the timeout of a connection. */
  add(connection: Connection): void;
  /** Ends the timeout of a connection that has authenticated or closed. */
  remove(connection: Connection): void;
}

export interface PreAuthLimitOptions<Connection> {
  readonly max: number;
  readonly timeoutMs: number;
  /** A younger connection is not closed when there are too many: it may be about to log in. */
  readonly graceMs: number;
  readonly close: (connection: Connection) => void;
}

/** setTimeout may fire about 1 ms before performance.now() agrees. */
const EARLY_MS = 2;

export function createPreAuthLimit<Connection extends object>(
  options: PreAuthLimitOptions<Connection>,
): PreAuthLimit<Connection> {
  /** Oldest first. */
  const pending = new Map<Connection, { readonly since: number; readonly timer: NodeJS.Timeout }>();

  const remove = (connection: Connection): void => {
    clearTimeout(pending.get(connection)?.timer);
    pending.delete(connection);
  };
  const close = (connection: Connection): void => {
    remove(connection);
    options.close(connection);
  };
  const closeOldest = (): void => {
    for (const [connection, { since }] of pending) {
      if (pending.size < options.max || performance.now() - since < options.graceMs) return;
      close(connection);
    }
  };

  return {
    add: (connection) => {
      closeOldest();
      const timer = setTimeout(() => close(connection), options.timeoutMs).unref();
      pending.set(connection, { since: performance.now(), timer });
      // Connections that came at once are closed after the grace time, also when no other connection follows.
      if (pending.size > options.max) setTimeout(closeOldest, options.graceMs + EARLY_MS).unref();
    },
    remove,
  };
}
