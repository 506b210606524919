/** OpenTelemetry spans for the clients. Needs `@opentelemetry/api`, an optional peer dependency. */
export { type TraceOptions, traceDatabase } from './trace-database.ts';
export { traceparent } from './traceparent.ts';
