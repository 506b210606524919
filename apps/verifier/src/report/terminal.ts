/** The report for people: a line per check, and under what is not well, what to do about it. */
import type pc from 'picocolors';

import type { ReportedFinding, Result, Status, Summary } from '../result.ts';

export type Colors = ReturnType<typeof pc.createColors>;

export interface TerminalOptions {
  readonly colors: Colors;
  /** Also what was seen and done. Default false. */
  readonly verbose?: boolean;
}

/** The last line is `N passed, N failed, N skipped`, alone. */
export function terminalReport(results: readonly Result[], summary: Summary, options: TerminalOptions): string {
  const { colors } = options;
  const explainedAt = new Map<string, string>();
  const groups = [...new Set(results.map(groupOf))];
  const paragraphs = groups.map((group) => {
    const members = results.filter((result) => groupOf(result) === group);
    const lines = members.flatMap((result) => describe(result, options, explainedAt));
    return `${colors.bold(group)}\n${lines.join('\n')}\n`;
  });
  return [...paragraphs, summaryLines(summary)].join('\n');
}

function groupOf({ id }: Result): string {
  return id.split('/')[0] ?? id;
}

function describe(result: Result, { colors, verbose }: TerminalOptions, explainedAt: Map<string, string>): string[] {
  const { id, title, detail, reason, findings = [], steps = [] } = result;
  const seen = detail === undefined || !verbose ? '' : colors.dim(`  (${detail})`);
  return [
    `  ${mark(result.status, colors)} ${id}  ${reason ?? colors.dim(title)}${seen}`,
    ...(verbose || findings.length > 0 ? steps : []).map((step) => colors.dim(`      ${step}`)),
    ...findings.flatMap((finding) => explain(finding, id, colors, explainedAt)),
  ];
}

function mark(status: Status, { green, red, yellow, dim }: Colors): string {
  switch (status) {
    case 'pass':
      return green('✓');
    case 'fail':
      return red('✗');
    case 'warn':
      return yellow('!');
    case 'info':
      return green('i');
    case 'skip':
      return yellow('-');
    case 'not-applicable':
      return dim('·');
    default:
      return status satisfies never;
  }
}

/** One cause may fail many checks: it is explained under the first. */
function explain(finding: ReportedFinding, id: string, colors: Colors, explainedAt: Map<string, string>): string[] {
  const { have, want, why, fix } = finding;
  const cause = JSON.stringify([have, fix]);
  const first = explainedAt.get(cause);
  if (first !== undefined) return [`      ${colors.bold('have')}  ${have} ${colors.dim(`(see ${first})`)}`];
  explainedAt.set(cause, id);
  const rows = Object.entries({ have, want, why, fix });
  return rows.map(
    ([label, text]) => `      ${colors.bold(label.padEnd(4))}  ${text.replaceAll('\n', `\n${' '.repeat(12)}`)}`,
  );
}

function summaryLines({ passed, failed, skipped, warned, notApplicable, durationMs }: Summary): string {
  const warnings = `${warned} ${warned === 1 ? 'warning' : 'warnings'}`;
  const seconds = (durationMs / 1000).toFixed(1);
  return (
    `${warnings}, ${notApplicable} not applicable, in ${seconds} s\n` +
    `${passed} passed, ${failed} failed, ${skipped} skipped\n`
  );
}
