/** The diagnostics channels of the clients. Browsers and some edge runtimes have no such channels. */
import type { OperationKind } from '../requests/observer.ts';
import type { OperationEvent, RetryEvent } from './operation-event.ts';

/** A channel of `node:diagnostics_channel`. Declared here, so that the types of this package do not need Node's. */
export interface EventChannel<Event> {
  readonly hasSubscribers: boolean;
  publish(event: Event): void;
  subscribe(onEvent: (event: Event) => void): void;
  unsubscribe(onEvent: (event: Event) => void): void;
}

/** A tracing channel: `error` is for a failed operation, before its `asyncEnd`. */
export interface OperationChannel {
  readonly start: EventChannel<OperationEvent> & { runStores<T>(event: OperationEvent, run: () => T): T };
  readonly error: EventChannel<OperationEvent>;
  readonly asyncEnd: EventChannel<OperationEvent>;
}

export interface Channels {
  /** The tracing channel for each kind: `neon-client:query` and so on. */
  readonly operations: Readonly<Record<OperationKind, OperationChannel>>;
  /** `neon-client:retry`. */
  readonly retry: EventChannel<RetryEvent>;
}

/** Opens the channels; undefined without `node:diagnostics_channel`, which is not imported, because every runtime loads this file. */
export function openChannels(): Channels | undefined {
  const node = diagnosticsChannel();
  if (node === undefined) return undefined;
  const tracing = (kind: OperationKind) => node.tracingChannel(`neon-client:${kind}`);
  return {
    operations: {
      query: tracing('query'),
      batch: tracing('batch'),
      transaction: tracing('transaction'),
      connect: tracing('connect'),
      'pool-wait': tracing('pool-wait'),
    },
    retry: node.channel('neon-client:retry'),
  };
}

/** The functions of `node:diagnostics_channel` that are used here. */
interface DiagnosticsChannel {
  channel(name: string): EventChannel<RetryEvent>;
  tracingChannel(name: string): OperationChannel;
}

/** The module `node:diagnostics_channel`; undefined on a runtime without it. */
function diagnosticsChannel(): DiagnosticsChannel | undefined {
  try {
    return globalThis.process?.getBuiltinModule?.('node:diagnostics_channel') as unknown as DiagnosticsChannel;
  } catch {
    // Next.js's edge sandbox has the function, and it throws.
    return undefined;
  }
}
