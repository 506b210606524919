/** The report for a pull request comment or a job summary: the verdict, a table of groups, and the findings with their fixes. */
import { groupResults, countStatuses, type ReportedFinding, type Result } from '../result.ts';
import { type Report, verdictOf } from './report.ts';
import { type FindingGroup, groupFindings } from './group-findings.ts';

export function markdownReport(report: Report): string {
  const { database, results, summary } = report;
  const { passed, failed, warned, skipped, notApplicable } = summary;
  const verdict = verdictOf(report) === 'passed' ? '✅ The database matches the code' : '❌ The database differs';
  return `${[
    `## ${verdict}`,
    `${database === undefined ? '' : `${codeSpan(database)}: `}${passed} passed, ${failed} failed, ${warned} warned, ` +
      `${skipped} skipped, ${notApplicable} not applicable`,
    groupTable(results),
    ...groupFindings(results).map(groupText),
  ].join('\n\n')}\n`;
}

function groupTable(results: readonly Result[]): string {
  const rows = groupResults(results).map(([group, members]) => {
    const { passed, failed, warned, skipped, notApplicable } = countStatuses(members);
    return `| ${[group, passed, failed, warned, skipped + notApplicable].join(' | ')} |`;
  });
  return ['| | passed | failed | warned | not run |', '| --- | ---: | ---: | ---: | ---: |', ...rows].join('\n');
}

function groupText({ result, shown, more, consequences, stopped }: FindingGroup): string {
  const { id, status, title } = result;
  return [
    `### ${status === 'fail' ? '❌' : '⚠️'} ${codeSpan(id)} ${escapeMarkdown(title)}`,
    ...shown.map(findingText),
    ...more,
    ...(consequences.length === 0 ? [] : [consequences.map((text) => `- so ${codeSpan(text)}`).join('\n')]),
    ...(stopped.length === 0 ? [] : [`Checks that did not run because of this: ${stopped.length}`]),
  ].join('\n\n');
}

function findingText({ have, want, why, fix, places = [] }: ReportedFinding): string {
  const list = [
    `- **have** ${codeSpan(have)}`,
    `- **want** ${codeSpan(want)}`,
    `- **why** ${escapeMarkdown(why)}`,
    ...places.map(({ file, line }) => `- **at** ${codeSpan(`${file}:${line}`)}`),
  ];
  return `${list.join('\n')}\n\n${codeBlock(fix)}`;
}

/** A code block whose fence is longer than any fence in the text. https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
function codeBlock(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  // A fix that starts with two capitals is SQL.
  return `${fence}${/^[A-Z]{2}/.test(text) ? 'sql' : ''}\n${text}\n${fence}`;
}

/** A code span, in which nothing is markup. Line ends become spaces. https://spec.commonmark.org/0.31.2/#code-spans */
function codeSpan(text: string): string {
  const fence = '`'.repeat(longestRun(text) + 1);
  return `${fence} ${text.replaceAll('\n', ' ')} ${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}

/** Escapes markup: https://spec.commonmark.org/0.31.2/#backslash-escapes */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~&-]/g, String.raw`\$&`).replaceAll('\n', ' ');
}
