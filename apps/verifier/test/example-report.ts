/** The results of a run, with every status and every kind of finding. */
import type { Evidence } from '../src/evidence.ts';
import type { ReportedFinding, Result, Status } from '../src/result.ts';
import { summarize } from '../src/result.ts';
import type { Report } from '../src/report/report.ts';

export const finding: ReportedFinding = {
  severity: 'error',
  have: 'no index todo.idx_todo_user_id',
  want: 'index todo.idx_todo_user_id: btree (user_id)',
  why: 'Reads scan the whole table.',
  fix: 'CREATE INDEX CONCURRENTLY idx_todo_user_id\n  ON public.todo (user_id);',
  about: { table: 'todo', name: 'idx_todo_user_id' },
  places: [
    { file: 'packages/db/src/schema/todo.ts', line: 24 },
    { file: 'packages/db/migrations/0000_initial.sql', line: 31 },
  ],
};

/** A text that every format must escape: markup, fences, line ends, commands, characters that XML does not allow. */
export const HOSTILE = `<b>&amp;"'</b> \`\`\` ::error:: 100%25 |]]>\u0000\u001B[31m ✓ 😀\r\nsecond: line,`;

/** One example of each kind of evidence. */
export const EVIDENCE: readonly Evidence[] = [
  { kind: 'identity', facts: { database: 'todo', 'PostgreSQL version': '18.4' } },
  {
    kind: 'migrations',
    migrations: [
      { name: '0000_create_user_and_todo', state: 'applied', appliedAt: new Date('2026-01-02T03:04:05Z') },
      { name: '0001_add_due_date', state: 'pending' },
    ],
  },
  { kind: 'latency', transport: 'http', firstMs: 312.4, medianMs: 4.21, p95Ms: 9 },
  {
    kind: 'plan',
    what: 'the todos of a user',
    query: 'select * from todo where user_id = $1',
    plan: 'Index Scan using idx_todo_user_id on todo\n  Index Cond: (user_id = $1)',
  },
];

export function result(id: string, status: Status, rest: Partial<Result> = {}): Result {
  return { id, status, title: `${id} holds`, durationMs: 12, ...rest };
}

export const results: readonly Result[] = [
  result('connect/http', 'pass', { detail: 'PostgreSQL 18', steps: ['looked'] }),
  result('schema/table-extra', 'warn', { findings: [{ ...finding, severity: 'warning', have: 'table stray' }] }),
  result('schema/index-missing', 'fail', { findings: [finding], steps: ['created user (id 1)'] }),
  result('schema/column-order', 'info', { findings: [{ ...finding, severity: 'info', have: 'another order' }] }),
  result('behave/odd', 'fail', {
    findings: [{ ...finding, have: HOSTILE, want: HOSTILE, why: HOSTILE, fix: HOSTILE }],
  }),
  result('behave/later', 'skip', { reason: 'not run: schema/index-missing failed', causedBy: 'schema/index-missing' }),
  result('env/url-tls', 'not-applicable', { reason: 'no TLS on loopback' }),
  result('perf/index-used', 'fail', {
    findings: [{ ...finding, have: 'a sequential scan', causedBy: 'schema/index-missing' }],
  }),
];

export function reportOf(given: readonly Result[], rest: Partial<Report> = {}): Report {
  return {
    database: 'postgresql://todo:***@localhost:5432/todo',
    results: given,
    summary: summarize(given, 1234),
    isStrict: false,
    ...rest,
  };
}
