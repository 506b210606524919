/** Turns the events of the clients into OpenTelemetry spans. */
import { context, type Span, SpanKind, SpanStatusCode, trace, type TracerProvider } from '@opentelemetry/api';

import type { OperationChannel } from '../diagnostics/channels.ts';
import { type OperationEvent, publishEvents, type RetryEvent } from '../diagnostics/index.ts';
import type { OperationKind } from '../requests/observer.ts';
import { failureAttributes, operationAttributes, spanName } from './database-attributes.ts';

export interface TraceOptions {
  /** Default: the provider that is registered with OpenTelemetry. */
  readonly tracerProvider?: TracerProvider;
}

/** A transaction and a wait are internal to this process. The other operations call the server. */
const SPAN_KINDS: Readonly<Record<OperationKind, SpanKind>> = {
  query: SpanKind.CLIENT,
  batch: SpanKind.CLIENT,
  connect: SpanKind.CLIENT,
  transaction: SpanKind.INTERNAL,
  'pool-wait': SpanKind.INTERNAL,
};

/**
 * Creates a span for each query, batch, transaction, new connection and wait for a connection, of both clients. A retry is an event of the
 * current span. Spans have the statement with placeholders, and no values. Call this once, when the program starts. Returns a function that
 * stops the tracing and ends the open spans.
 * @throws {Error} where `node:diagnostics_channel` does not exist.
 * @example
 * traceDatabase();
 */
export function traceDatabase({ tracerProvider = trace.getTracerProvider() }: TraceOptions = {}): () => void {
  const channels = publishEvents();
  if (channels === undefined) {
    throw new Error(
      'traceDatabase() needs node:diagnostics_channel, which this runtime does not have. On Cloudflare Workers, set `nodejs_compat`.',
    );
  }
  const { operations, retry } = channels;
  const tracer = tracerProvider.getTracer('@todo/client');
  const openSpans = new Map<OperationEvent, Span>();

  const onStart = (kind: OperationKind) => (event: OperationEvent) => {
    const attributes = operationAttributes(kind, event);
    const span = tracer.startSpan(spanName(kind, event), { kind: SPAN_KINDS[kind], attributes });
    openSpans.set(event, span);
    const { inContext } = event;
    const spanContext = trace.setSpan(context.active(), span);
    event.inContext = (operation) => context.with(spanContext, () => inContext(operation));
  };
  const onEnd = (event: OperationEvent) => {
    const span = openSpans.get(event);
    if (event.error !== undefined) {
      span?.setAttributes(failureAttributes(event)).setStatus({ code: SpanStatusCode.ERROR });
    }
    span?.end();
    openSpans.delete(event);
  };
  const stops = entriesOf(operations).map(([kind, channel]) => subscribe(channel, onStart(kind), onEnd));
  retry.subscribe(addRetry);
  return () => {
    for (const stop of stops) stop();
    retry.unsubscribe(addRetry);
    for (const span of openSpans.values()) span.end();
    openSpans.clear();
  };
}

function entriesOf(operations: Readonly<Record<OperationKind, OperationChannel>>) {
  // The keys are those of the record.
  return Object.entries(operations) as [OperationKind, OperationChannel][];
}

type Subscriber = (event: OperationEvent) => void;

/** Subscribes to the start and the end of operations. Returns a function that unsubscribes. */
function subscribe({ start, asyncEnd }: OperationChannel, onStart: Subscriber, onEnd: Subscriber): () => void {
  start.subscribe(onStart);
  asyncEnd.subscribe(onEnd);
  return () => {
    start.unsubscribe(onStart);
    asyncEnd.unsubscribe(onEnd);
  };
}

function addRetry({ pauseMs, ...failure }: RetryEvent): void {
  trace.getActiveSpan()?.addEvent('retry', { ...failureAttributes(failure), 'retry.pause_ms': pauseMs });
}
