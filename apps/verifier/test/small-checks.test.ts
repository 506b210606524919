import { todo, user } from '@todo/db/schema';
import { insertTodoSchema, insertUserSchema } from '@todo/db/validators';
import { testBranch } from '@todo/local-neon/vitest';
import { connectSession } from '@todo/db';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { app } from '../src/app.ts';
import { firstQueryMs } from '../src/checks/connect/first-query.ts';
import { latency } from '../src/checks/connect/latency.ts';
import { toFindings } from '../src/checks/connect/server.ts';
import { distanceToRange, type Survey } from '../src/checks/connect/survey.ts';
import { ignoreTimeout } from '../src/checks/connect/ignore-timeout.ts';
import { toFindings as judgeWritable } from '../src/checks/connect/writable.ts';
import { url as urlCheck } from '../src/checks/env/url.ts';
import { explainPrepared, genericPlan, indexConditions, type PlanNode } from '../src/checks/perf/generic-plan.ts';
import { codeTables } from '../src/code-tables.ts';
import { disagreements } from '../src/checks/validate/disagreements.ts';
import type { Evidence } from '../src/evidence.ts';
import { execute } from './database.ts';
import { prove, targetOf } from './prove.ts';
import { openContext } from '../src/open-context.ts';

const good: Survey = {
  version: '15.0',
  versionNumber: 150_000,
  encoding: 'UTF8',
  database: 'todo',
  user: 'todo',
  isSuperuser: false,
  neonProject: null,
  neonBranch: null,
  isInRecovery: false,
  isReadOnly: 'off',
  searchPath: '"$user", public',
  collationVersion: '1',
  actualCollationVersion: '1',
  conformingStrings: 'on',
  roleSettings: [],
  serverSettings: [],
  resolutions: [],
  skewMs: 0,
};

describe('env/url', () => {
  it.each([
    [''],
    ['ep-a.neon.tech'],
    ['mysql://a:b@c/d'],
    [`psql 'postgresql://a:b@c/d'`],
    ['"postgresql://a:b@c/d"'],
    ['postgresql://a:sec#ret@c/d'],
    ['postgresql://a:sec/ret@c/d'],
    ['postgresql://a@c/d'],
    ['postgresql://a:b@c'],
    ['postgresql://USER:PASSWORD@HOST/DATABASE'],
    ['postgresql://neondb_owner:<password>@c/d'],
  ])('refuses %s, and does not repeat it', async (text) => {
    const outcome = await urlCheck.run(await contextOf(text));
    expect(outcome).toMatchObject({
      kind: 'findings',
      findings: [{ have: expect.stringMatching(/^--url /) }],
    });
    expect(urlCheck.remedy).toContain('Neon console');
    expect(JSON.stringify(outcome)).not.toMatch(/sec.?ret/);
  });

  it('accepts a connection string of Neon', async () => {
    const text =
      'postgresql://neondb_owner:npg_x@ep-cool-1-pooler.eu.aws.neon.tech/neondb?sslmode=require&channel_binding=require';
    expect(await urlCheck.run(await contextOf(text))).toMatchObject({ kind: 'pass' });
  });
});

describe('connect/server', () => {
  it.each<[what: string, facts: Partial<Survey>, have: string]>([
    ['a version before 15', { versionNumber: 149_999, version: '14.9' }, 'PostgreSQL 14.9'],
    ['another encoding', { encoding: 'SQL_ASCII' }, 'server_encoding SQL_ASCII'],
    [
      'text that sorts in another way than when it was indexed',
      { actualCollationVersion: '2' },
      'indexes sorted by version 1 of the collation',
    ],
    ['strings with escapes', { conformingStrings: 'off' }, 'standard_conforming_strings off'],
    ['a clock that is behind', { skewMs: -2100 }, `the server's clock is 2.1 s behind the clock of this machine`],
  ])('finds %s', (_, facts, have) => {
    expect(toFindings({ ...good, ...facts })).toMatchObject([{ have }]);
  });

  it('passes on a server without faults', () => {
    expect(toFindings(good)).toEqual([]);
  });

  it('does not mistake a long round trip for a wrong clock', () => {
    expect([5, 10, 15, 20, 25].map((now) => distanceToRange(now, 10, 20))).toEqual([-5, 0, 0, 0, 5]);
  });
});

describe('connect/writable', () => {
  it('finds a replica, and a server that is read-only by its configuration', () => {
    expect(judgeWritable(good)).toEqual([]);
    expect(judgeWritable({ ...good, isInRecovery: true })).toMatchObject([{ have: 'a read replica' }]);
    expect(judgeWritable({ ...good, isReadOnly: 'on' })).toMatchObject([{ want: expect.stringContaining(' off') }]);
  });
});

describe('connect/search-path', () => {
  it('fails if a table name resolves to another table, and warns if it may', async () => {
    const { url } = await testBranch();
    const status = async () => (await prove(url, { only: ['connect/search-path'] })).map((result) => result.status);
    await execute(url, 'create schema aside', 'create table aside.todo ()');
    expect(await status()).toEqual(['warn']);
    // The default search path has a schema with the name of the role before public.
    await execute(url, 'alter schema aside rename to todo');
    expect(await status()).toEqual(['fail']);
  });
});

describe('a canceled query', () => {
  it('is reported with a remedy, unlike other errors', async () => {
    await using session = await connectSession((await testBranch()).url);
    await session.query('set statement_timeout = 1');
    expect(await ignoreTimeout(session.query('select pg_sleep(60)'))).toBeUndefined();
    await session.query('set statement_timeout = 0');
    await expect(ignoreTimeout(session.query('select nope'))).rejects.toMatchObject({ code: '42703' });
  });
});

describe('connect/latency', () => {
  it('reports the duration of the first query of the run, no matter which check sent it', async () => {
    const context = await contextOf((await testBranch()).url);
    const first = await firstQueryMs(context);
    const seen: Evidence[] = [];
    await latency.run({
      ...context,
      http: context.http,
      websocket: context.websocket,
      show: (each) => void seen.push(each),
    });
    expect(seen).toContainEqual(expect.objectContaining({ transport: 'http', firstMs: first }));
    await context.websocket.close();
  });
});

describe('validate/limits', () => {
  it('passes if the validators match their columns', () => {
    expect(disagreementsOf(insertTodoSchema, todo, 'insertTodoSchema')).toEqual([]);
  });

  it.each([
    ['accepts 201 letters as title', insertTodoSchema.extend({ title: z.string() })],
    ['refuses 200 letters as title', insertTodoSchema.extend({ title: z.string().max(199) })],
    [
      'refuses 200 characters outside the basic plane as title',
      insertTodoSchema.extend({ title: z.string().refine((text) => text.length <= 200) }),
    ],
    ['accepts a missing value as title', insertTodoSchema.extend({ title: z.string().max(200).optional() })],
    ['accepts null as title', insertTodoSchema.extend({ title: z.string().max(200).nullable() })],
    ['refuses null as description', insertTodoSchema.extend({ description: z.string().optional() })],
    ['accepts 2147483648 as userId', insertTodoSchema.extend({ userId: z.int() })],
    ['accepts 1.5 as userId', insertTodoSchema.extend({ userId: z.number().max(2 ** 31 - 1) })],
  ])('finds a validator that %s', (what, schema) => {
    const found = disagreementsOf(schema, todo).map(({ have }) => have);
    expect(found).toContain(`it ${what}`);
  });

  it('finds a missing limit on emails', () => {
    const schema = insertUserSchema.extend({ email: z.string().includes('@') });
    const found = disagreementsOf(schema, user).map(({ have }) => have);
    expect(found).toEqual(['it accepts 256 letters as email']);
  });
});

function disagreementsOf(validator: z.ZodType, table: unknown, name = 'it') {
  return codeTables({ schema: { table } }).flatMap((each) =>
    disagreements({ name, schema: validator, table: each, isPatch: false }),
  );
}

describe('perf/index-used', () => {
  const query = 'select * from todo where user_id = $1';
  let url: string;

  beforeAll(async () => {
    ({ url } = await testBranch());
  });

  it('finds the index in a generic plan and in the plan of a prepared query', async () => {
    await using session = await connectSession(url);
    expect(conditionsOf(await genericPlan(session, query))).toEqual(['(user_id = $1)']);
    await session.query('begin; set local enable_seqscan = off');
    expect(conditionsOf(await explainPrepared(session, query))).toEqual(['(user_id = $1)']);
    await session.query('rollback');
  });

  it('does not accept a scan of another index that only filters', async () => {
    const trap = await testBranch();
    await execute(trap.url, 'drop index idx_todo_user_id');
    await using session = await connectSession(trap.url);
    const plan = await genericPlan(session, `${query} order by id`);
    expect(JSON.stringify(plan)).toContain('todo_pkey');
    expect(conditionsOf(plan)).toEqual([]);
  });
});

function conditionsOf(plan: PlanNode): string[] {
  return indexConditions(plan);
}

async function contextOf(url: string) {
  const { contextFor } = await openContext(app, targetOf(url, url));
  return contextFor({ step: () => {}, show: () => {} });
}
