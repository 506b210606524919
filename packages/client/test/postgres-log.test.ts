/** The trace of a request in PostgreSQL's log. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startLocalNeon } from '@todo/local-neon';
import { sql } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';

import { traceparent } from '../src/otel/index.ts';
import { sqlComment } from '../src/sql-comment.ts';
import { connectHttp, connectWebSocket } from './fixture/app.ts';
import { inSpan, queries, startTracing, takeSpans } from './record-spans.ts';

startTracing();

test('the id of a trace is in PostgreSQL’s log, over both transports', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'todo-trace-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  await using neon = await startLocalNeon({ dataDir });
  const comment = sqlComment(() => ({ traceparent: traceparent() }));
  await using sessions = connectWebSocket(neon.url, { comment });
  for (const db of [connectHttp(neon.url, { comment }), sessions]) {
    // PostgreSQL logs a failed statement by default.
    const fail = () => expect(db.execute(sql`select 1 / 0`)).rejects.toMatchObject({ code: '22012' });
    const request = await inSpan('request', fail);
    const [query] = queries(takeSpans());
    expect(query?.spanContext().traceId).toBe(request.traceId);
    const comments = `/*traceparent='00-${request.traceId}-${query?.spanContext().spanId}-01'*/`;
    await expect
      .poll(() => readFile(join(dataDir, 'postgres.log'), 'utf8'))
      .toContain(`STATEMENT:  select 1 / 0 ${comments}`);
  }
});
