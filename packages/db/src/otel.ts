/** OpenTelemetry spans for the database. Needs `@opentelemetry/api`, an optional peer dependency. */
export { type TraceOptions, traceDatabase, traceparent } from '@todo/client/otel';
