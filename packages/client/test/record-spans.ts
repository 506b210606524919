/** OpenTelemetry with an exporter in memory, as an application sets it up. */
import { context, type SpanContext, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll } from 'vitest';

import { traceDatabase } from '../src/otel/index.ts';

const exporter = new InMemorySpanExporter();
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

/** For spans of the application. */
export const tracer = tracerProvider.getTracer('app');

/** Traces the clients until the end of this test file. */
export function startTracing(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const stop = traceDatabase({ tracerProvider });
  afterAll(() => {
    stop();
    context.disable();
  });
}

/** The spans that ended since the last call. */
export function takeSpans(): ReadableSpan[] {
  const spans = exporter.getFinishedSpans();
  exporter.reset();
  return spans;
}

/** The spans of statements. */
export function queries(spans: readonly ReadableSpan[]): ReadableSpan[] {
  return spans.filter(({ attributes }) => attributes['db.query.text'] !== undefined);
}

/** Runs work in a span of the application. A query is sent when it is awaited, so the `await` must be inside. */
export async function inSpan(name: string, work: () => PromiseLike<unknown>): Promise<SpanContext> {
  const span = tracer.startSpan(name);
  await context.with(trace.setSpan(context.active(), span), async () => void (await work()));
  span.end();
  return span.spanContext();
}
