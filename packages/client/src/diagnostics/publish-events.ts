/** Publishes an event for each operation of all clients, on diagnostics channels. Without a subscriber, no event is built. */
import type { DatabaseError } from '../errors/database-error.ts';
import { toDatabaseError } from '../errors/to-database-error.ts';
import { OBSERVER, type Observer, observer, type OnRetry } from '../requests/observer.ts';
import { type Channels, openChannels, type OperationChannel } from './channels.ts';
import type { OperationEvent } from './operation-event.ts';

let channels: Channels | undefined;

/**
 * Turns the events on, for both clients. `connectWebSocket` does this by itself; a program that only uses `connectHttp` calls it, because
 * an edge application should not download it. A second call has no effect. Returns the channels, or undefined where
 * `node:diagnostics_channel` does not exist.
 * @example
 * publishEvents()?.operations.query.asyncEnd.subscribe(({ statements, durationMs }) => { … });
 */
export function publishEvents(): Channels | undefined {
  channels ??= openChannels();
  // Another copy of this module publishes on the same channels.
  if (channels !== undefined && observer() === undefined) {
    Object.defineProperty(globalThis, OBSERVER, { value: observerOn(channels) });
  }
  return channels;
}

function observerOn({ operations, retry }: Channels): Observer {
  const onRetry: OnRetry = ({ kind, code }, pauseMs) => {
    if (retry.hasSubscribers) retry.publish({ error: kind, code, pauseMs });
  };
  return {
    onRetry,
    observe(kind, url, statements, run) {
      const channel = operations[kind];
      if (!isHeard(channel)) return run(retry.hasSubscribers ? onRetry : undefined);
      const event = eventOf(url, statements);
      return published(channel, event, () =>
        run((error, pauseMs) => {
          onRetry(error, pauseMs);
          event.attempts += 1;
        }),
      );
    },
  };
}

function isHeard({ start, error, asyncEnd }: OperationChannel): boolean {
  return start.hasSubscribers || error.hasSubscribers || asyncEnd.hasSubscribers;
}

function eventOf(url: URL | undefined, statements: readonly string[]): OperationEvent {
  return {
    host: url?.hostname,
    port: url && Number(url.port || 5432),
    database: url && decodeURIComponent(url.pathname.slice(1)),
    statements,
    attempts: 1,
    inContext: (operation) => operation(),
  };
}

/** Publishes the start and the end of an operation. The answer and the error are not in the event: they may hold values. */
function published<T>({ start, error, asyncEnd }: OperationChannel, event: OperationEvent, run: () => Promise<T>) {
  const startedAt = performance.now();
  const operation = async (): Promise<T> => {
    try {
      const answer = await run();
      if (event.statements.length > 0) event.rows = rowsOf(answer);
      return answer;
    } catch (failure) {
      const { kind = 'other', code } = typed(failure) ?? {};
      Object.assign(event, { error: kind, code });
      throw failure;
    } finally {
      event.durationMs = performance.now() - startedAt;
      if (event.error !== undefined) error.publish(event);
      asyncEnd.publish(event);
    }
  };
  return start.runStores(event, () => event.inContext(operation));
}

/** The error of an operation with a statement is typed already, maybe by another copy of this package. The others are harmless. */
function typed(failure: unknown): Pick<DatabaseError, 'kind' | 'code'> | undefined {
  const isTyped = failure instanceof Error && failure.name === 'DatabaseError' && 'kind' in failure;
  return isTyped ? (failure as DatabaseError) : toDatabaseError(failure, true);
}

/** The driver answers with one result, or with one for each statement of a batch. A ROLLBACK on a lost connection has none. */
function rowsOf(answer: unknown): number {
  const results = [answer].flat() as ({ readonly rowCount?: number | null } | undefined)[];
  return results.reduce((rows, result) => rows + (result?.rowCount ?? 0), 0);
}
