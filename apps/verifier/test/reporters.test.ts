import { Ajv2020 } from 'ajv/dist/2020.js';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { marked, type Token, type Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { githubReport } from '../src/report/github.ts';
import { jsonReport } from '../src/report/json.ts';
import { jsonReportSchema } from '../src/report/json-schema.ts';
import { junitReport } from '../src/report/junit.ts';
import { markdownReport } from '../src/report/markdown.ts';
import { parseReporter, ReporterError, requireOneDocumentOnStdout } from '../src/report/reporters.ts';
import { finding, HOSTILE, reportOf, result, results } from './example-report.ts';

describe('the JSON report', () => {
  const published = z.toJSONSchema(jsonReportSchema, { target: 'draft-2020-12' });
  const validate = new Ajv2020({ allErrors: true }).compile(published);

  it('matches report.schema.json', async () => {
    await expect(`${JSON.stringify(published, undefined, 2)}\n`).toMatchFileSnapshot('../report.schema.json');
  });

  it('is one line that is valid by the schema, without the stack of a crashed check', () => {
    const broken = [...results, result('behave/broken', 'fail', { crash: 'at secret.ts:1', findings: [finding] })];
    const text = jsonReport(reportOf(broken));
    const report: unknown = JSON.parse(text);
    validate(report);
    expect(validate.errors).toBe(null);
    expect(text.trimEnd()).not.toContain('\n');
    expect(text).not.toContain('secret');
    expect(report).toMatchObject({ verdict: 'failed', summary: { passed: 2, failed: 4, warned: 1, informed: 1 } });
  });

  it.each([
    ['a check without a status', { ...JSON.parse(jsonReport(reportOf([]))), checks: [{ id: 'a/b' }] }],
    ['an unknown field', { ...JSON.parse(jsonReport(reportOf([]))), extra: 1 }],
  ])('has a schema that refuses %s', (_, report) => {
    expect(validate(report)).toBe(false);
  });
});

describe('the JUnit report', () => {
  it('counts each case once', () => {
    const { tests, failures, errors, skipped, testsuite } = parseXml(junitReport(reportOf(results)));
    expect({ tests, failures, errors, skipped }).toEqual({ tests: '8', failures: '3', errors: '0', skipped: '2' });
    const counted = (testsuite as Record<string, string>[]).map((suite) => [suite['name'], suite['tests']]);
    expect(counted).toEqual([
      ['connect', '1'],
      ['schema', '3'],
      ['behave', '2'],
      ['env', '1'],
      ['perf', '1'],
    ]);
  });

  it('has the check, the place and the fix of a failure', () => {
    const { testcase } = parseXml(junitReport(reportOf(results))).testsuite[1];
    expect(testcase[1]).toMatchObject({
      name: 'schema/index-missing: schema/index-missing holds',
      file: 'packages/db/src/schema/todo.ts',
      line: '24',
      failure: { message: finding.have, '#text': expect.stringContaining(`fix:  ${finding.fix}`) },
    });
    expect(testcase[0]).toMatchObject({ 'system-out': expect.stringContaining('table stray') });
  });

  it('escapes XML in texts, and replaces characters that XML does not allow', () => {
    const { testcase } = parseXml(junitReport(reportOf(results))).testsuite[2];
    const { message } = testcase[0].failure;
    expect(message).toContain(`<b>&amp;"'</b>`);
    expect(message).toContain('✓ 😀');
    for (const unwritable of ['\0', '\u001B']) expect(message).not.toContain(unwritable);
  });

  it('reports a warning as a failure with --strict, and a crashed check as an error', () => {
    const strict = parseXml(
      junitReport(reportOf([result('a/b', 'warn', { findings: [finding] })], { isStrict: true })),
    );
    expect(strict).toMatchObject({ failures: '1' });
    const broken = [result('a/b', 'fail', { crash: 'TypeError', findings: [finding] })];
    expect(parseXml(junitReport(reportOf(broken)))).toMatchObject({ failures: '0', errors: '1' });
  });
});

describe('the report for GitHub', () => {
  it('annotates the line of the schema that defines the missing part', () => {
    expect(readCommands(githubReport(reportOf(results)))[1]).toEqual({
      command: 'error',
      file: 'packages/db/src/schema/todo.ts',
      line: '24',
      title: 'schema/index-missing: schema/index-missing holds',
      data: `have: ${finding.have}\nwant: ${finding.want}\nwhy: ${finding.why}\nfix: ${finding.fix}`,
    });
  });

  it('uses errors, warnings and notices, and errors for warnings with --strict', () => {
    expect(commandsOf(false)).toEqual(['warning', 'error', 'notice', 'error', 'error']);
    expect(commandsOf(true)).toEqual(['error', 'error', 'notice', 'error', 'error']);
  });

  it('keeps each annotation on one line, whatever text it contains', () => {
    const text = githubReport(reportOf(results));
    expect(text.trimEnd().split('\n')).toHaveLength(5);
    expect(readCommands(text)[3]?.['data']).toContain(HOSTILE);
  });
});

describe('the Markdown report', () => {
  const tokens = marked.lexer(markdownReport(reportOf(results)));
  const ofType = <T extends Token>(type: T['type']) => tokens.filter((token): token is T => token.type === type);

  it('has the verdict, a row per group, and a heading per group of findings', () => {
    expect(ofType<Tokens.Heading>('heading').map(({ depth, text }) => [depth, text])).toEqual([
      [2, '❌ The database differs'],
      [3, expect.stringContaining('schema/index-missing')],
      [3, expect.stringContaining('behave/odd')],
      [3, expect.stringContaining('schema/table-extra')],
    ]);
    const [table] = ofType<Tokens.Table>('table');
    expect(table?.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['connect', '1', '0', '0', '0'],
      ['schema', '1', '1', '1', '0'],
      ['behave', '0', '1', '0', '1'],
      ['env', '0', '0', '0', '1'],
      ['perf', '0', '1', '0', '0'],
    ]);
  });

  it('has each fix in a code block, marked as SQL if it is SQL', () => {
    const fixes = ofType<Tokens.Code>('code').map(({ text, lang }) => [lang, text]);
    const sql = ['sql', finding.fix];
    expect(fixes).toEqual([sql, ['', HOSTILE.replace('\r\n', '\n')], sql]);
  });

  it('does not end a code block at a fence inside the fix', () => {
    const fix = 'SELECT 1;\n````\n# no heading';
    const text = markdownReport(reportOf([result('a/b', 'fail', { findings: [{ ...finding, fix }] })]));
    expect(marked.lexer(text)).toContainEqual(expect.objectContaining({ type: 'code', text: fix }));
  });

  it('escapes markup in texts of the database', () => {
    const html = marked.parse(markdownReport(reportOf(results)), { async: false });
    expect(html).not.toContain('<b>');
    expect(tokens.filter(({ type }) => type === 'html')).toEqual([]);
  });
});

describe('--reporter', () => {
  it('parses a name, and a file name that may contain an equals sign', () => {
    expect(parseReporter('json')).toEqual({ name: 'json' });
    expect(parseReporter('html=a=b.html')).toEqual({ name: 'html', file: 'a=b.html' });
    expect(parseReporter('constructor')).toBeUndefined();
  });

  it('refuses two documents on standard output, but allows GitHub annotations beside the terminal report', () => {
    expect(() => requireOneDocumentOnStdout(reporters('json', 'junit'))).toThrow(ReporterError);
    expect(() => requireOneDocumentOnStdout(reporters('json', 'terminal'))).toThrow('json and terminal');
    expect(() => requireOneDocumentOnStdout(reporters('json', 'junit=a.xml'))).not.toThrow();
    expect(() => requireOneDocumentOnStdout(reporters('github', 'terminal', 'html=a.html'))).not.toThrow();
  });
});

function parseXml(text: string) {
  if (XMLValidator.validate(text) !== true) throw new Error('no XML');
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', trimValues: false });
  return parser.parse(text).testsuites;
}

/** Parses a log as the GitHub Actions runner does: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs */
function readCommands(log: string) {
  return log.split('\n').flatMap((line) => {
    const [, command, properties = '', data = ''] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
    if (command === undefined) return [];
    const fields = properties.split(',').map((pair) => pair.split('=').map(decodeURIComponent));
    return [{ command, ...Object.fromEntries(fields), data: decodeURIComponent(data) }];
  });
}

function commandsOf(isStrict: boolean): string[] {
  return readCommands(githubReport(reportOf(results, { isStrict }))).map(({ command }) => command);
}

function reporters(...texts: string[]) {
  return texts.flatMap((text) => parseReporter(text) ?? []);
}
