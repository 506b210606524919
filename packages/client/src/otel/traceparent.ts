/** Reads the current span, for a comment on a statement. */
import { context, isSpanContextValid, trace } from '@opentelemetry/api';

/** The current span as in the header `traceparent` (https://www.w3.org/TR/trace-context/), or undefined without one. */
export function traceparent(): string | undefined {
  const span = trace.getSpanContext(context.active());
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  return `00-${span.traceId}-${span.spanId}-${flags}`;
}
