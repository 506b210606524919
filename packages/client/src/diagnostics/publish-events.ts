/** Publishes an event for each operation of all clients, on diagnostics channels. Without a subscriber, no event is built. */
import type { DatabaseError } from '../errors/database-error.ts';
import { toDatabaseError } from '../errors/to-database-error.ts';
import { OBSERVER, type Observer, observer, type OnRetry } from '../requests/observer.ts';
import { type Channels, openChannels, type OperationChannel } from './channels.ts';
import type { OperationEvent } from './operation-event.ts';

let channels: Channels | undefined;

/**
 * Turns the events on, for both clients. `connectWebSocket` calls this function. A program that only uses `connectHttp` must call it
 * itself, so that edge applications need not download it. A second call has no effect. Returns the channels, or undefined where
 * `node:diagnostics_channel` does not exist.
 * @example
 * publishEvents()?.operations.query.asyncEnd.subscribe(({ statements, durationMs }) => { … });
 */
export function publishEvents(): Channels | undefined {
  channels ??= openChannels();
  // An observer of another copy of this module already publishes on the same channels.
  if (channels !== undefined && observer() === undefined) {
    Object.defineProperty(globalThis, OBSERVER, { value: createObserver(channels) });
  }
  return channels;
}

/** Creates an observer that runs each operation, and publishes its events if its channel has a subscriber. */
function createObserver({ operations, retry }: Channels): Observer {
  const onRetry: OnRetry = ({ kind, code }, pauseMs) => {
    if (retry.hasSubscribers) retry.publish({ error: kind, code, pauseMs });
  };
  return {
    onRetry,
    observe(kind, url, statements, run) {
      const channel = operations[kind];
      if (!hasAnySubscriber(channel)) return run(retry.hasSubscribers ? onRetry : undefined);
      const event = eventOf(url, statements);
      return runAndPublish(channel, event, () =>
        run((error, pauseMs) => {
          onRetry(error, pauseMs);
          event.attempts += 1;
        }),
      );
    },
  };
}

function hasAnySubscriber({ start, error, asyncEnd }: OperationChannel): boolean {
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

/** Runs an operation and publishes its start and end. The event does not contain the result and the error, which may contain values. */
function runAndPublish<T>({ start, error, asyncEnd }: OperationChannel, event: OperationEvent, run: () => Promise<T>) {
  const startedAt = performance.now();
  const operation = async (): Promise<T> => {
    try {
      const result = await run();
      if (event.statements.length > 0) event.rows = countRows(result);
      return result;
    } catch (failure) {
      const { kind = 'other', code } = errorFields(failure) ?? {};
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

/** The kind and code of an error; undefined for an error not from a database. A `DatabaseError` of another copy of this package is another class. */
function errorFields(failure: unknown): Pick<DatabaseError, 'kind' | 'code'> | undefined {
  const isTyped = failure instanceof Error && failure.name === 'DatabaseError' && 'kind' in failure;
  // `true`, because an error that is not translated yet comes from connecting, which changes nothing.
  return isTyped ? (failure as DatabaseError) : toDatabaseError(failure, true);
}

/** The number of rows in the result of a query, or in the results of a batch. A ROLLBACK on a lost connection has no result. */
function countRows(resultOrResults: unknown): number {
  const results = [resultOrResults].flat() as ({ readonly rowCount?: number | null } | undefined)[];
  return results.reduce((rows, result) => rows + (result?.rowCount ?? 0), 0);
}
