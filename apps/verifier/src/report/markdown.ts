/** The report for a comment or a job's summary: the verdict, a table of groups, and each cause with its fix. */
import type { ReportedFinding, Result } from '../result.ts';
import { type Report, verdictOf } from './report.ts';
import { type Chapter, tell } from './storyline.ts';

export function markdownReport(report: Report): string {
  const { database, results, summary } = report;
  const { passed, failed, warned, skipped, notApplicable } = summary;
  const verdict = verdictOf(report) === 'passed' ? '✅ The database is as the code says' : '❌ The database differs';
  return `${[
    `## ${verdict}`,
    `${database === undefined ? '' : `${code(database)}: `}${passed} passed, ${failed} failed, ${warned} warned, ` +
      `${skipped} skipped, ${notApplicable} not applicable`,
    groupTable(results),
    ...tell(results).map(chapterText),
  ].join('\n\n')}\n`;
}

function groupTable(results: readonly Result[]): string {
  const groups = [...new Set(results.map(({ id }) => id.split('/')[0] ?? id))];
  const count = (group: string, status: Result['status']) =>
    results.filter((result) => result.id.startsWith(`${group}/`) && result.status === status).length;
  const rows = groups.map((group) => {
    const counts = [
      count(group, 'pass') + count(group, 'info'),
      count(group, 'fail'),
      count(group, 'warn'),
      count(group, 'skip') + count(group, 'not-applicable'),
    ];
    return `| ${[group, ...counts].join(' | ')} |`;
  });
  return ['| | passed | failed | warned | not run |', '| --- | ---: | ---: | ---: | ---: |', ...rows].join('\n');
}

function chapterText({ result, findings, more, consequences, stopped }: Chapter): string {
  const { id, status, title } = result;
  return [
    `### ${status === 'fail' ? '❌' : '⚠️'} ${code(id)} ${plain(title)}`,
    ...findings.map(findingText),
    ...(more === undefined ? [] : [more]),
    ...(consequences.length === 0 ? [] : [consequences.map((text) => `- so ${code(text)}`).join('\n')]),
    ...(stopped.length === 0 ? [] : [`${stopped.length} checks did not run because of it.`]),
  ].join('\n\n');
}

function findingText({ have, want, why, fix, places = [] }: ReportedFinding): string {
  const at = places.map(({ file, line }) => `- **at** ${code(`${file}:${line}`)}`);
  return [
    [`- **have** ${code(have)}`, `- **want** ${code(want)}`, `- **why** ${plain(why)}`, ...at].join('\n'),
    block(fix),
  ].join('\n\n');
}

/** A fence that is longer than any within. https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
function block(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  // Only PostgreSQL's words stand in capitals.
  return `${fence}${/^[A-Z]{2}/.test(text) ? 'sql' : ''}\n${text}\n${fence}`;
}

/** Nothing is markup within; what is on more lines becomes one. https://spec.commonmark.org/0.31.2/#code-spans */
function code(text: string): string {
  const fence = '`'.repeat(longestRun(text) + 1);
  return `${fence} ${text.replaceAll('\n', ' ')} ${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}

/** https://spec.commonmark.org/0.31.2/#backslash-escapes */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~&-]/g, String.raw`\$&`).replaceAll('\n', ' ');
}
