import { describe, expect, it } from 'vitest';

import { checks } from './prove.ts';
import { exitCode } from '../src/exit-code.ts';
import { explainCheck } from '../src/report/explain.ts';
import type { TerminalStream } from '../src/report/terminal-stream.ts';
import { verdictOf } from '../src/report/report.ts';
import { terminalReport } from '../src/report/terminal.ts';
import type { Result } from '../src/result.ts';
import { EVIDENCE, finding, reportOf, result, results } from './example-report.ts';

const pipe: TerminalStream = {};
const screen = (columns: number, isColored = true): TerminalStream => ({
  isTTY: true,
  columns,
  hasColors: () => isColored,
});
const print = (stream: TerminalStream = pipe, isVerbose = false, given: readonly Result[] = results) =>
  terminalReport(reportOf(given), { stream, isVerbose });

describe('the terminal report', () => {
  it('has a line with a symbol for each group of checks', () => {
    expect(print().split('\n\n')[0]).toBe(
      [
        '✓ connect   1 passed',
        '✗ schema    1 noted, 1 failed, 1 warned',
        '✗ behave    1 failed, 1 skipped: not run: schema/index-missing failed',
        '· env       1 not applicable: no TLS on loopback',
        '✗ perf      1 failed',
      ].join('\n'),
    );
  });

  it('shows have, want, why, fix, place, consequences and stopped checks of a failure', () => {
    expect(print()).toContain(`
✗ schema/index-missing  schema/index-missing holds
    did   created user (id 1)
    have  no index todo.idx_todo_user_id
    want  index todo.idx_todo_user_id: btree (user_id)
    why   Reads scan the whole table.
    fix   CREATE INDEX CONCURRENTLY idx_todo_user_id
            ON public.todo (user_id);
    at    packages/db/src/schema/todo.ts:24
          packages/db/migrations/0000_initial.sql:31
    so    perf/index-used: a sequential scan
    stops behave/later
`);
  });

  it('lists the most severe finding that explains most first, and each finding once', () => {
    const told = Array.from(print().matchAll(/^[✗!i] (\w+\/\S+)/gm), ([, id]) => id);
    expect(told).toEqual(['schema/index-missing', 'behave/odd', 'schema/table-extra']);
  });

  it('lists an equal finding of two checks under the first check', () => {
    const alike = [
      result('connect/http', 'fail', { findings: [finding] }),
      result('connect/websocket', 'fail', { findings: [finding] }),
    ];
    const text = print(pipe, false, alike);
    expect(text.match(/^ {4}fix /gm)).toHaveLength(1);
    expect(text).toContain('so    connect/websocket: no index');
  });

  it('ends with the counts on a line of their own, after a line with the warnings', () => {
    expect(print()).toMatch(/\n1 warning, 1 not applicable, in 1\.2 s\n2 passed, 3 failed, 1 skipped\n$/);
  });

  it('shows each check, its steps and infos with --verbose only', () => {
    expect(print(pipe, true)).toContain('  ✓ connect/http  connect/http holds  (PostgreSQL 18)\n      looked\n');
    expect(print(pipe, true)).toContain('i schema/column-order  schema/column-order holds\n    have  another order');
    expect(print()).not.toMatch(/looked|another order/);
  });

  it('shows the evidence of a check with --verbose', () => {
    const text = print(pipe, true, [result('connect/identity', 'pass', { evidence: EVIDENCE })]);
    for (const line of [
      'PostgreSQL version: 18.4',
      '0001_add_due_date: pending',
      'http: first query 312.4 ms, then 4.2 ms (95 of 100 within 9.0 ms)',
      'the todos of a user: select * from todo where user_id = $1',
      '    Index Cond: (user_id = $1)',
    ]) {
      expect(text).toContain(`      ${line}\n`);
    }
  });

  it('has colors only on a terminal that supports them', () => {
    expect(print(screen(80))).toContain('\u001B[');
    expect(print(screen(80, false))).not.toContain('\u001B');
    expect(print(pipe)).not.toContain('\u001B');
  });

  it('removes control characters of texts from the database', () => {
    const hostile = { ...finding, have: '\u0007a', want: '\u001B[2Jb', why: 'c\r', fix: 'd\u009B1A' };
    const text = print(pipe, true, [result('a/bad', 'fail', { findings: [hostile], steps: ['\be'] })]);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Control}/u);
    expect(text).toContain('have  a\n');
  });

  it('wraps text on a narrow terminal, but never a fix', () => {
    const long = { ...finding, why: 'word '.repeat(30).trim(), fix: `SELECT ${'a, '.repeat(30)}b;` };
    const text = print(screen(60, false), false, [result('a/bad', 'fail', { findings: [long] })]);
    const lines = text.split('\n');
    expect(lines.filter((line) => line.length > 60)).toEqual([expect.stringContaining(long.fix)]);
    const unknown = print(screen(0, false), false, [result('a/bad', 'fail', { findings: [long] })]);
    expect(unknown).toContain(`why   ${'word '.repeat(14).trim()}\n`);
    expect(print(pipe, false, [result('a/bad', 'fail', { findings: [long] })])).toContain(long.why);
  });
});

describe('the page of a check (verify explain)', () => {
  it.each(checks.map((check) => [check.id, check] as const))(
    '%s shows title, method, consequence and remedy',
    (id, check) => {
      const page = explainCheck(check, pipe);
      expect(page.startsWith(`${id}\n`)).toBe(true);
      for (const text of [check.title, check.method, check.why, check.remedy]) expect(page).toContain(text);
    },
  );
});

describe('the exit code', () => {
  const refused = { reason: 'checks that write to the database run only with --write' };
  it.each<[what: string, code: number, results: Result[]]>([
    ['all passed', 0, [result('a/a', 'pass'), result('a/b', 'warn'), result('a/c', 'skip')]],
    ['a check failed', 1, [result('connect/http', 'pass'), result('a/b', 'fail')]],
    ['one transport fails', 1, [result('connect/http', 'pass'), result('connect/websocket', 'fail')]],
    ['both transports fail', 3, [result('connect/http', 'fail'), result('connect/websocket', 'fail')]],
    ['the connection string is invalid', 3, [result('env/url', 'fail'), result('connect/http', 'skip')]],
    ['every check was refused', 4, [result('a/a', 'skip', refused), result('a/b', 'skip', refused)]],
    ['some checks were refused', 0, [result('a/a', 'pass'), result('a/b', 'skip', refused)]],
    ['a check crashed', 70, [result('a/a', 'fail', { crash: 'TypeError' }), result('a/b', 'fail')]],
  ])('of a run in which %s is %i', (_, code, given) => {
    expect(exitCode(reportOf(given))).toBe(code);
  });

  it('is 1 for a run with a warning under --strict, and an info never changes it', () => {
    const isStrict = true;
    expect(exitCode(reportOf([result('a/a', 'warn')], { isStrict }))).toBe(1);
    expect(exitCode(reportOf([result('a/a', 'info')], { isStrict }))).toBe(0);
    expect(verdictOf(reportOf([result('a/a', 'warn')], { isStrict }))).toBe('failed');
    expect(verdictOf(reportOf([result('a/a', 'warn')]))).toBe('passed');
  });
});
