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

describe('the report for people', () => {
  it('has a line with a mark for each group', () => {
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

  it('says of what failed what is there, what should be, why it matters, what to do, where, and what follows from it', () => {
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

  it('begins with what is worst and explains most, and tells nothing twice', () => {
    const told = Array.from(print().matchAll(/^[✗!i] (\w+\/\S+)/gm), ([, id]) => id);
    expect(told).toEqual(['schema/index-missing', 'behave/odd', 'schema/table-extra']);
  });

  it('tells what two checks found alike under the first', () => {
    const alike = [
      result('connect/http', 'fail', { findings: [finding] }),
      result('connect/websocket', 'fail', { findings: [finding] }),
    ];
    const text = print(pipe, false, alike);
    expect(text.match(/^ {4}fix /gm)).toHaveLength(1);
    expect(text).toContain('so    connect/websocket: no index');
  });

  it('ends with the counts alone on a line, and the warnings on the line above', () => {
    expect(print()).toMatch(/\n1 warning, 1 not applicable, in 1\.2 s\n2 passed, 3 failed, 1 skipped\n$/);
  });

  it('shows each check, what was done and seen, and what is only to be known when asked', () => {
    expect(print(pipe, true)).toContain('  ✓ connect/http  connect/http holds  (PostgreSQL 18)\n      looked\n');
    expect(print(pipe, true)).toContain('i schema/column-order  schema/column-order holds\n    have  another order');
    expect(print()).not.toMatch(/looked|another order/);
  });

  it('shows what a check saw when asked', () => {
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

  it('has colors only where a terminal takes them', () => {
    expect(print(screen(80))).toContain('\u001B[');
    expect(print(screen(80, false))).not.toContain('\u001B');
    expect(print(pipe)).not.toContain('\u001B');
  });

  it('repeats nothing of a database that moves a cursor or rings a bell', () => {
    const hostile = { ...finding, have: '\u0007a', want: '\u001B[2Jb', why: 'c\r', fix: 'd\u009B1A' };
    const text = print(pipe, true, [result('a/bad', 'fail', { findings: [hostile], steps: ['\be'] })]);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Control}/u);
    expect(text).toContain('have  a\n');
  });

  it('wraps words on a narrow terminal, and never what is to be copied', () => {
    const long = { ...finding, why: 'word '.repeat(30).trim(), fix: `SELECT ${'a, '.repeat(30)}b;` };
    const text = print(screen(60, false), false, [result('a/bad', 'fail', { findings: [long] })]);
    const lines = text.split('\n');
    expect(lines.filter((line) => line.length > 60)).toEqual([expect.stringContaining(long.fix)]);
    const unknown = print(screen(0, false), false, [result('a/bad', 'fail', { findings: [long] })]);
    expect(unknown).toContain(`why   ${'word '.repeat(14).trim()}\n`);
    expect(print(pipe, false, [result('a/bad', 'fail', { findings: [long] })])).toContain(long.why);
  });
});

describe('the page of a check', () => {
  it.each(checks.map((check) => [check.id, check] as const))(
    '%s says all that its check knows of itself',
    (id, check) => {
      const page = explainCheck(check, pipe);
      expect(page.startsWith(`${id}\n`)).toBe(true);
      for (const text of [check.title, check.method, check.why, check.remedy]) expect(page).toContain(text);
    },
  );
});

describe('the exit code', () => {
  const refused = { reason: 'it writes to the database: pass --write to allow that' };
  it.each<[what: string, code: number, results: Result[]]>([
    ['all passed', 0, [result('a/a', 'pass'), result('a/b', 'warn'), result('a/c', 'skip')]],
    ['a check failed', 1, [result('connect/http', 'pass'), result('a/b', 'fail')]],
    ['one transport is closed', 1, [result('connect/http', 'pass'), result('connect/websocket', 'fail')]],
    ['both are closed', 3, [result('connect/http', 'fail'), result('connect/websocket', 'fail')]],
    ['there is nowhere to connect to', 3, [result('env/url', 'fail'), result('connect/http', 'skip')]],
    ['all that was asked for was refused', 4, [result('a/a', 'skip', refused), result('a/b', 'skip', refused)]],
    ['some of it was refused', 0, [result('a/a', 'pass'), result('a/b', 'skip', refused)]],
    ['a check broke', 70, [result('a/a', 'fail', { crash: 'TypeError' }), result('a/b', 'fail')]],
  ])('of a run where %s is %i', (_, code, given) => {
    expect(exitCode(reportOf(given))).toBe(code);
  });

  it('of a run where a check warned is 1 under --strict, and an info changes nothing', () => {
    const isStrict = true;
    expect(exitCode(reportOf([result('a/a', 'warn')], { isStrict }))).toBe(1);
    expect(exitCode(reportOf([result('a/a', 'info')], { isStrict }))).toBe(0);
    expect(verdictOf(reportOf([result('a/a', 'warn')], { isStrict }))).toBe('failed');
    expect(verdictOf(reportOf([result('a/a', 'warn')]))).toBe('passed');
  });
});
