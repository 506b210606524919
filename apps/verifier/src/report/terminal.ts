/** The report for people: a line per group, then what is not well and what to do about it, then the counts. */
import type { ReportedFinding, Result, Status } from '../result.ts';
import { evidenceLines } from './evidence-lines.ts';
import { type Colors, colorsOf, indented, type Paper, paragraph, printable } from './paper.ts';
import type { Report } from './report.ts';
import { type Chapter, tell } from './storyline.ts';

export interface TerminalOptions {
  readonly paper: Paper;
  /** Each check with what was seen and done, and infos. Default false. */
  readonly isVerbose?: boolean;
}

/** The last line is `N passed, N failed, N skipped`, alone. */
export function terminalReport(report: Report, { paper, isVerbose = false }: TerminalOptions): string {
  const page: Page = { paper, colors: colorsOf(paper), isVerbose };
  const groups = [...new Set(report.results.map(groupOf))].map((group) => {
    const members = report.results.filter((result) => groupOf(result) === group);
    const checks = isVerbose ? members.flatMap((result) => checkLines(result, page)) : [];
    return [groupLine(group, members, page), ...checks].join('\n');
  });
  const chapters = tell(report.results, { withInfos: isVerbose }).map((chapter) =>
    chapterLines(chapter, page).join('\n'),
  );
  return [groups.join('\n'), ...chapters, summaryLines(report, page)].join('\n\n');
}

interface Page {
  readonly paper: Paper;
  readonly colors: Colors;
  readonly isVerbose: boolean;
}

function groupOf({ id }: Result): string {
  return id.split('/')[0] ?? id;
}

const GROUP_WIDTH = 12;

function groupLine(group: string, members: readonly Result[], { colors, paper }: Page): string {
  const counts = WORDS.flatMap(([status, words]) => {
    const count = members.filter((member) => member.status === status).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const reasons = [...new Set(members.flatMap(({ reason = [] }) => reason))];
  const text = [counts.join(', '), ...(reasons.length === 1 ? reasons : [])].join(': ');
  const worst = SHOWN_FIRST.find((status) => members.some((member) => member.status === status)) ?? 'pass';
  const label = `${mark(worst, colors)} ${colors.bold(group.padEnd(GROUP_WIDTH - 2))}`;
  return paragraph(label, text, GROUP_WIDTH, paper);
}

const WORDS: readonly (readonly [Status, string])[] = [
  ['pass', 'passed'],
  ['info', 'noted'],
  ['fail', 'failed'],
  ['warn', 'warned'],
  ['skip', 'skipped'],
  ['not-applicable', 'not applicable'],
];

/** Of the results of a group, which mark stands for all. */
const SHOWN_FIRST: readonly Status[] = ['fail', 'warn', 'pass', 'info', 'skip', 'not-applicable'];

function checkLines(result: Result, { colors }: Page): string[] {
  const { id, status, title, detail, reason, steps = [], evidence = [] } = result;
  const seen = detail === undefined ? '' : colors.dim(`  (${detail})`);
  return [
    `  ${mark(status, colors)} ${id}  ${reason ?? colors.dim(title)}${seen}`,
    ...[...steps, ...evidence.flatMap(evidenceLines)].map((line) => colors.dim(`      ${printable(line)}`)),
  ];
}

function chapterLines({ result, findings, more, consequences, stopped }: Chapter, page: Page): string[] {
  const { colors, isVerbose } = page;
  const { id, status, title, steps = [] } = result;
  return [
    paragraph(`${mark(status, colors)} `, `${colors.bold(id)}  ${title}`, 2, page.paper),
    // Under -v they stand in the group's list.
    ...(isVerbose ? [] : steps.map((step) => row('did', colors.dim(printable(step)), page))),
    ...findings.flatMap((finding) => findingLines(finding, page)),
    ...(more === undefined ? [] : [row('', `${more}: --reporter json lists all`, page)]),
    ...consequences.map((consequence) => row('so', colors.dim(printable(consequence)), page)),
    ...(stopped.length === 0 ? [] : [row('stops', colors.dim(listed(stopped, page)), page)]),
  ];
}

function findingLines({ have, want, why, fix, places = [] }: ReportedFinding, page: Page): string[] {
  return [
    row('have', printable(have), page),
    row('want', printable(want), page),
    row('why', printable(why), page),
    // To be copied: it is never wrapped.
    `    ${page.colors.bold('fix'.padEnd(6))}${indented(page.colors.cyan(printable(fix)), 10)}`,
    ...(places.length === 0 ? [] : [row('at', places.map(({ file, line }) => `${file}:${line}`).join('\n'), page)]),
  ];
}

function row(label: string, text: string, { colors, paper }: Page): string {
  return paragraph(`    ${colors.bold(label.padEnd(6))}`, text, 10, paper);
}

function listed(ids: readonly string[], { isVerbose }: Page): string {
  return isVerbose || ids.length < 4 ? ids.join(', ') : `${ids.length} checks, which did not run`;
}

function mark(status: Status, { green, red, yellow, dim }: Colors): string {
  switch (status) {
    case 'pass':
      return green('✓');
    case 'info':
      return green('i');
    case 'fail':
      return red('✗');
    case 'warn':
      return yellow('!');
    case 'skip':
      return yellow('-');
    case 'not-applicable':
      return dim('·');
    default:
      return status satisfies never;
  }
}

function summaryLines({ summary, isStrict }: Report, { colors }: Page): string {
  const { passed, failed, skipped, warned, notApplicable, durationMs } = summary;
  const warnings = `${warned} ${warned === 1 ? 'warning' : 'warnings'}${isStrict && warned > 0 ? ' (--strict)' : ''}`;
  const last = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  return (
    `${warnings}, ${notApplicable} not applicable, in ${(durationMs / 1000).toFixed(1)} s\n` +
    `${(failed > 0 ? colors.red : colors.green)(last)}\n`
  );
}
