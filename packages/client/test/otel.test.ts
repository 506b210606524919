/** OpenTelemetry spans of the clients, over both transports. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import * as conventions from '@opentelemetry/semantic-conventions';
import { testBranch } from '@todo/local-neon/vitest';
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

import { type StatementComment, transaction } from '../src/index.ts';
import { traceDatabase, traceparent } from '../src/otel/index.ts';
import { sqlComment } from '../src/sql-comment.ts';
import { connectHttp, connectWebSocket, type Database, type WebSocketDatabase } from './fixture/app.ts';
import { account } from './fixture/schema.ts';
import { plantSecrets, secretsIn } from './plant-secrets.ts';
import { inSpan, queries, startTracing, takeSpans, tracer } from './record-spans.ts';
import { tcpProxy } from './tcp-proxy.ts';

const { url } = await testBranch();
const { hostname, port, pathname } = new URL(url);
const database = pathname.slice(1);
const server = {
  'db.system.name': 'postgresql',
  'db.namespace': database,
  'server.address': hostname,
  'server.port': Number(port),
};
startTracing();
beforeEach(() => void takeSpans());

interface Options {
  readonly comment?: StatementComment;
}

function connectPool(to = url, options?: Options): WebSocketDatabase {
  const db = connectWebSocket(to, options);
  onTestFinished(() => db.close());
  return db;
}

const transports: Record<string, (to?: string, options?: Options) => Database> = {
  'over HTTP': (to = url, options) => connectHttp(to, options),
  'over WebSocket': connectPool,
};

describe.each(Object.entries(transports))('%s', (_name, connect) => {
  test('a query is a span of the kind client, with the stable names of the conventions', async () => {
    await connect().select({ id: account.id }).from(account);
    expect(queries(takeSpans())).toMatchObject([
      {
        name: `SELECT ${database}`,
        kind: SpanKind.CLIENT,
        attributes: { ...server, 'db.operation.name': 'SELECT', 'db.query.text': 'select "id" from "account"' },
        status: { code: SpanStatusCode.UNSET },
      },
    ]);
  });

  test('a failed query is a failed span, with the SQLSTATE or the system’s code and no message', async () => {
    const broken = connect().execute(sql`select 1 / 0`);
    await expect(broken).rejects.toMatchObject({ code: '22012' });
    const nobody = new URL(url);
    nobody.port = '1';
    await expect(connect(nobody.href).execute(sql`select 1`)).rejects.toMatchObject({ kind: 'connection' });
    const [divided, refused] = queries(takeSpans());
    expect(divided).toMatchObject({
      attributes: { 'error.type': '22012', 'db.response.status_code': '22012' },
      status: { code: SpanStatusCode.ERROR },
      events: [],
    });
    expect(refused).toMatchObject({ attributes: { 'server.port': 1 }, status: { code: SpanStatusCode.ERROR } });
    expect(refused?.attributes).toHaveProperty('error.type');
    expect(refused?.attributes).not.toHaveProperty('db.response.status_code');
    expect(divided?.status).not.toHaveProperty('message');
  });

  test('a query that is sent again is one span of the request, with an event for each retry', async () => {
    await using proxy = await tcpProxy(url);
    const db = connect(proxy.url);
    proxy.meet('cut', 'cut');
    const request = await inSpan('request', () => db.select().from(account));
    const [span, ...others] = queries(takeSpans());
    expect(others).toEqual([]);
    expect(span?.parentSpanContext).toMatchObject({ spanId: request.spanId });
    expect(span?.events).toMatchObject([{ name: 'retry' }, { name: 'retry' }]);
    expect(span?.events[0]?.attributes).toEqual({
      'error.type': expect.any(String),
      'retry.pause_ms': expect.any(Number),
    });
  });

  test('no span contains a parameter, a row or a password', async () => {
    const secrets = await plantSecrets(connect(), 200);
    const text = JSON.stringify(
      takeSpans().map(({ name, attributes, status, events }) => [name, attributes, status, events]),
    );
    expect(secrets.flatMap(secretsIn)).toHaveLength(200);
    expect(text).toContain('insert into');
    expect(secretsIn(text)).toEqual([]);
    expect(text).not.toContain(new URL(url).password);
  });

  test('one trace contains an HTTP request and its statement in PostgreSQL', async () => {
    const db = connect(url, { comment: sqlComment(() => ({ route: '/todos', traceparent: traceparent() })) });
    const { traceId, shown } = await askedOverHttp(async () => {
      const { rows } = await db.execute<{ query: string }>(
        sql`select query from pg_stat_activity where pid = pg_backend_pid()`,
      );
      return rows[0]?.query;
    });
    const spans = takeSpans();
    const query = queries(spans)[0]!;
    const request = spans.find(({ kind }) => kind === SpanKind.SERVER)!;
    expect(query.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect(query.spanContext().traceId).toBe(traceId);
    // The comment names the span of the query itself.
    expect(shown).toBe(
      "select query from pg_stat_activity where pid = pg_backend_pid() /*route='%2Ftodos'," +
        `traceparent='00-${traceId}-${query.spanContext().spanId}-01'*/`,
    );
  });
});

/** Serves one request that has a `traceparent`, in a span as a framework's instrumentation makes it. */
async function askedOverHttp(handle: () => Promise<unknown>): Promise<{ traceId: string; shown: unknown }> {
  const http = createServer((request, response) => {
    const [, traceId = '', spanId = ''] = String(request.headers['traceparent']).split('-');
    const caller = { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
    const span = tracer.startSpan('GET', { kind: SpanKind.SERVER }, trace.setSpanContext(ROOT_CONTEXT, caller));
    void context.with(trace.setSpan(ROOT_CONTEXT, span), handle).then((answer) => {
      span.end();
      response.end(JSON.stringify(answer));
    });
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void http.close());
  const traceId = 'c0ffee'.padEnd(32, '1');
  const to = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const answer = await fetch(to, { headers: { traceparent: `00-${traceId}-${'2'.repeat(16)}-01` } });
  return { traceId, shown: await answer.json() };
}

test('a batch is one span, with its statements and their number', async () => {
  const db = connectHttp(url);
  await db.batch([db.execute(sql`select 1`), db.execute(sql`select 2`)]);
  await db.batch([db.execute(sql`select 1`), db.execute(sql`insert into account values (0, 'b@example.com', 'h')`)]);
  await db.batch([db.execute(sql`select 1`)]);
  const names = queries(takeSpans()).map(({ name, attributes }) => [
    name,
    attributes['db.operation.name'],
    attributes['db.operation.batch.size'],
    String(attributes['db.query.text']).slice(0, 20),
  ]);
  expect(names).toEqual([
    [`BATCH SELECT ${database}`, 'BATCH SELECT', 2, 'select 1; select 2'],
    [`BATCH ${database}`, 'BATCH', 2, 'select 1; insert int'],
    [`SELECT ${database}`, 'SELECT', undefined, 'select 1'],
  ]);
});

function parentOf(span: ReadableSpan): string | undefined {
  return span.parentSpanContext?.spanId;
}

test('the statements of a transaction, and the spans that its function creates, are inside its span', async () => {
  const request = await inSpan('request', () =>
    connectPool().transaction(async (tx) => {
      await tx.execute(sql`select 1`);
      await inSpan('own', () => tx.execute(sql`select 2`));
    }),
  );
  const spans = takeSpans();
  const named = (start: string) => spans.find(({ name }) => name.startsWith(start))!;
  const whole = named('transaction');
  expect(whole).toMatchObject({ name: `transaction ${database}`, kind: SpanKind.INTERNAL, attributes: server });
  expect(parentOf(whole)).toBe(request.spanId);
  const own = named('own');
  expect(parentOf(own)).toBe(whole.spanContext().spanId);
  const parents = queries(spans).map((span) => [span.attributes['db.query.text'], parentOf(span)]);
  expect(parents).toEqual([
    ['begin ', whole.spanContext().spanId],
    ['select 1', whole.spanContext().spanId],
    ['select 2', own.spanContext().spanId],
    ['commit', whole.spanContext().spanId],
  ]);
  expect(parentOf(named('connect'))).toBe(named('pool-wait').spanContext().spanId);
  expect(parentOf(named('pool-wait'))).toBe(whole.spanContext().spanId);
});

test('the retries of a transaction are events of the request, and each attempt is a span of it', async () => {
  let runs = 0;
  const request = await inSpan('request', () =>
    transaction(connectPool(), async (tx) => {
      runs += 1;
      if (runs < 3) await tx.execute(sql`do $$ begin raise sqlstate '40001'; end $$`);
    }),
  );
  const spans = takeSpans();
  const attempts = spans.filter(({ name }) => name.startsWith('transaction'));
  expect(attempts.map(({ attributes }) => attributes['error.type'])).toEqual(['40001', '40001', undefined]);
  expect(attempts.every(({ parentSpanContext }) => parentSpanContext?.spanId === request.spanId)).toBe(true);
  expect(spans.at(-1)?.events).toMatchObject([{ name: 'retry' }, { name: 'retry' }]);
});

test('every attribute has a stable name of the semantic conventions', async () => {
  const http = connectHttp(url);
  await http.batch([http.execute(sql`select 1`), http.execute(sql`select 1`)]);
  await connectPool()
    .transaction((tx) => tx.execute(sql`select 1 / 0`))
    .catch(() => {});
  const stable = new Set<unknown>(Object.values(conventions));
  const used = new Set(takeSpans().flatMap(({ attributes }) => Object.keys(attributes)));
  expect([...used].filter((name) => !stable.has(name))).toEqual([]);
  expect(used.size).toBe(9);
});

test('traceparent is undefined outside a span', () => {
  expect(traceparent()).toBeUndefined();
});

test('after its end, traceDatabase creates no spans', async () => {
  const stop = traceDatabase({ tracerProvider: { getTracer: () => tracer } });
  await connectHttp(url).execute(sql`select 1`);
  expect(queries(takeSpans())).toHaveLength(2);
  stop();
  await connectHttp(url).execute(sql`select 1`);
  expect(queries(takeSpans())).toHaveLength(1);
});

test('the end of traceDatabase ends the span of a running query', async () => {
  const stop = traceDatabase({ tracerProvider: { getTracer: () => tracer } });
  const running = connectHttp(url)
    .execute(sql`select pg_sleep(0.3)`)
    .then(() => {});
  await new Promise((resolve) => setTimeout(resolve, 50));
  stop();
  expect(queries(takeSpans())).toHaveLength(1);
  await running;
  expect(queries(takeSpans())).toHaveLength(1);
});
