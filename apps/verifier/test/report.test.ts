import pc from 'picocolors';
import { describe, expect, it } from 'vitest';

import { exitCode } from '../src/exit-code.ts';
import { jsonReport } from '../src/report/json.ts';
import { terminalReport } from '../src/report/terminal.ts';
import { type Result, type Status, summarize } from '../src/result.ts';

const result = (id: string, status: Status, rest: Partial<Result> = {}): Result => ({
  id,
  status,
  title: `${id} holds`,
  durationMs: 1,
  ...rest,
});

const finding = {
  have: 'no index',
  want: 'an index',
  why: 'It is slow.',
  fix: 'DROP a;\nCREATE b;',
  severity: 'error',
} as const;

const results = [
  result('a/fine', 'pass', { detail: 'PostgreSQL 18', steps: ['looked'] }),
  result('a/bad', 'fail', { findings: [finding], steps: ['created user (id 1)'] }),
  result('a/same', 'fail', { findings: [finding] }),
  result('b/odd', 'warn', { findings: [{ ...finding, have: 'two' }] }),
  result('b/later', 'skip', { reason: 'not run' }),
  result('b/elsewhere', 'not-applicable', { reason: 'no TLS on loopback' }),
];

const print = (verbose: boolean, isColored = false) =>
  terminalReport(results, summarize(results, 1234), { colors: pc.createColors(isColored), verbose });

describe('the report for people', () => {
  it('says of what failed what is there, what should be, why it matters and what to do', () => {
    expect(print(false)).toContain(`  ✗ a/bad  a/bad holds
      created user (id 1)
      have  no index
      want  an index
      why   It is slow.
      fix   DROP a;
            CREATE b;
`);
  });

  it('explains one cause once', () => {
    expect(print(false)).toContain('✗ a/same  a/same holds\n      have  no index (see a/bad)\n');
  });

  it('ends with the counts alone on a line, and the warnings on the line above', () => {
    expect(print(false)).toMatch(/\n1 warning, 1 not applicable, in 1\.2 s\n1 passed, 2 failed, 1 skipped\n$/);
  });

  it('shows what was done and seen only when asked', () => {
    expect(print(true)).toContain('✓ a/fine  a/fine holds  (PostgreSQL 18)\n      looked\n');
    expect(print(false)).not.toContain('looked');
  });

  it('has colors only when they are on', () => {
    expect(print(true, true)).toContain('\u001B[');
    expect(print(true)).not.toContain('\u001B[');
  });
});

describe('the report for programs', () => {
  it('is one object on one line, without the stack of a check that broke', () => {
    const broken = [...results, result('c/broken', 'fail', { crash: 'at secret.ts:1', findings: [finding] })];
    const text = jsonReport(broken, summarize(broken, 1234));
    expect(text.trimEnd()).not.toContain('\n');
    expect(text).not.toContain('secret');
    expect(JSON.parse(text)).toMatchObject({
      checks: [{ id: 'a/fine', status: 'pass' }, { id: 'a/bad', findings: [finding] }, {}, {}, {}, {}, {}],
      summary: { passed: 1, failed: 3, warned: 1, skipped: 1, notApplicable: 1, durationMs: 1234 },
    });
  });
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
    expect(exitCode(given)).toBe(code);
  });
});
