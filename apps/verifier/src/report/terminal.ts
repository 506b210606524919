/** The report for people: a line per group of checks, then the findings with their fixes, then the counts. */
import { groupResults, type ReportedFinding, type Result, type Status } from '../result.ts';
import { evidenceLines } from './evidence-lines.ts';
import { type Colors, colorsOf, indent, type TerminalStream, paragraph, stripControls } from './terminal-stream.ts';
import type { Report } from './report.ts';
import { STATUS_WORDS } from './status-words.ts';
import { type FindingGroup, groupFindings } from './group-findings.ts';

export interface TerminalOptions {
  readonly stream: TerminalStream;
  /** Also lists each check with its steps and evidence, and infos. Default false. */
  readonly isVerbose?: boolean;
}

/** Returns the report. Its last line is `N passed, N failed, N skipped`, and nothing else. */
export function terminalReport(report: Report, { stream, isVerbose = false }: TerminalOptions): string {
  const style: Style = { stream, colors: colorsOf(stream), isVerbose };
  const groups = groupResults(report.results).map(([group, members]) => {
    const checks = isVerbose ? members.flatMap((result) => checkLines(result, style)) : [];
    return [groupLine(group, members, style), ...checks].join('\n');
  });
  const findings = groupFindings(report.results, { withInfos: isVerbose }).map((group) =>
    findingGroupLines(group, style).join('\n'),
  );
  return [groups.join('\n'), ...findings, summaryLines(report, style)].join('\n\n');
}

interface Style extends Required<TerminalOptions> {
  readonly colors: Colors;
}

/** A symbol and a space. */
const SYMBOL_WIDTH = 2;
const GROUP_WIDTH = 12;

/** The line of a group: its counts, and the reason why checks did not run if all of them have the same reason. */
function groupLine(group: string, members: readonly Result[], { colors, stream }: Style): string {
  const counts = COUNTED.flatMap((status) => {
    const count = members.filter((member) => member.status === status).length;
    return count === 0 ? [] : [`${count} ${STATUS_WORDS[status].word}`];
  });
  const reasons = [...new Set(members.flatMap(({ reason = [] }) => reason))];
  const text = [counts.join(', '), ...(reasons.length === 1 ? reasons : [])].join(': ');
  const shownStatus = SHOWN_FIRST.find((status) => members.some((member) => member.status === status)) ?? 'pass';
  const label = `${statusSymbol(shownStatus, colors)} ${colors.bold(group.padEnd(GROUP_WIDTH - SYMBOL_WIDTH))}`;
  return paragraph(label, text, GROUP_WIDTH, stream);
}

const COUNTED: readonly Status[] = ['pass', 'info', 'fail', 'warn', 'skip', 'not-applicable'];

/** A group has the symbol of the first status in this list that a check of the group has. */
const SHOWN_FIRST: readonly Status[] = ['fail', 'warn', 'pass', 'info', 'skip', 'not-applicable'];

function checkLines(result: Result, { colors }: Style): string[] {
  const { id, status, title, detail, reason, steps = [], evidence = [] } = result;
  const detailText = detail === undefined ? '' : colors.dim(`  (${detail})`);
  return [
    `  ${statusSymbol(status, colors)} ${id}  ${reason ?? colors.dim(title)}${detailText}`,
    ...[...steps, ...evidence.flatMap(evidenceLines)].map((line) => colors.dim(`      ${stripControls(line)}`)),
  ];
}

function findingGroupLines({ result, shown, more, consequences, stopped }: FindingGroup, style: Style): string[] {
  const { colors, isVerbose } = style;
  const { id, status, title, steps = [] } = result;
  return [
    paragraph(`${statusSymbol(status, colors)} `, `${colors.bold(id)}  ${title}`, SYMBOL_WIDTH, style.stream),
    // With --verbose, the list of checks above has the steps.
    ...(isVerbose ? [] : steps.map((step) => row('did', colors.dim(stripControls(step)), style))),
    ...shown.flatMap((finding) => findingLines(finding, style)),
    ...more.map((count) => row('', `${count}: --reporter json lists all`, style)),
    ...consequences.map((consequence) => row('so', colors.dim(stripControls(consequence)), style)),
    ...(stopped.length === 0 ? [] : [row('stops', colors.dim(listIds(stopped, style)), style)]),
  ];
}

function findingLines({ have, want, why, fix, places = [] }: ReportedFinding, style: Style): string[] {
  return [
    row('have', stripControls(have), style),
    row('want', stripControls(want), style),
    row('why', stripControls(why), style),
    // A fix is never wrapped, so that it can be copied.
    `${boldLabel('fix', style)}${indent(style.colors.cyan(stripControls(fix)), TEXT_COLUMN)}`,
    ...(places.length === 0 ? [] : [row('at', places.map(({ file, line }) => `${file}:${line}`).join('\n'), style)]),
  ];
}

function row(label: string, text: string, style: Style): string {
  return paragraph(boldLabel(label, style), text, TEXT_COLUMN, style.stream);
}

const INDENT = 4;
/** The column after the longest label, `stops`, and a space. */
const TEXT_COLUMN = INDENT + 6;

function boldLabel(label: string, { colors }: Style): string {
  return ' '.repeat(INDENT) + colors.bold(label.padEnd(TEXT_COLUMN - INDENT));
}

/** The ids, or without `--verbose` only their number if there are more than three. */
function listIds(ids: readonly string[], { isVerbose }: Style): string {
  return isVerbose || ids.length < 4 ? ids.join(', ') : `${ids.length} checks that did not run`;
}

function statusSymbol(status: Status, colors: Colors): string {
  const { symbol, color } = STATUS_WORDS[status];
  return colors[color](symbol);
}

function summaryLines({ summary, isStrict }: Report, { colors }: Style): string {
  const { passed, failed, skipped, warned, notApplicable, durationMs } = summary;
  const warnings = `${warned} ${warned === 1 ? 'warning' : 'warnings'}${isStrict && warned > 0 ? ' (--strict)' : ''}`;
  const last = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  return (
    `${warnings}, ${notApplicable} not applicable, in ${(durationMs / 1000).toFixed(1)} s\n` +
    `${(failed > 0 ? colors.red : colors.green)(last)}\n`
  );
}
