/** The report for a pull request: annotations on the lines of the schema or of a migration. */
import type { Severity } from '../check.ts';
import type { ReportedFinding, Result } from '../result.ts';
import { shortListFindings } from './short-list.ts';
import type { Report } from './report.ts';

/** Workflow commands, one per line. https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions */
export function githubReport({ results, isStrict }: Report): string {
  return results.flatMap((result) => annotations(result, isStrict)).join('');
}

/** The annotations of one check: up to five findings, and a count of the others. */
function annotations(result: Result, isStrict: boolean): string[] {
  const { shown, more } = shortListFindings(result.findings ?? []);
  // The most severe finding.
  const [first] = shown;
  const title = escapeProperty(`${result.id}: ${result.title}`);
  return [
    ...shown.map((finding) => annotation(result, finding, isStrict)),
    ...(first ? more.map((count) => `::${commandOf(first, isStrict)} title=${title}::${count}\n`) : []),
  ];
}

function annotation({ id, title }: Result, finding: ReportedFinding, isStrict: boolean): string {
  const { have, want, why, fix, places = [], causedBy } = finding;
  // If a finding has a place in the schema and one in a migration, the first is that in the schema, where the next change starts.
  const [place] = places;
  const properties = {
    ...(place && { file: place.file, line: String(place.line) }),
    title: `${id}: ${title}`,
  };
  const cause = causedBy === undefined ? '' : `\nfollows from ${causedBy}`;
  const message = `have: ${have}\nwant: ${want}\nwhy: ${why}\nfix: ${fix}${cause}`;
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${commandOf(finding, isStrict)} ${list.join(',')}::${escapeData(message)}\n`;
}

/** The workflow command for a finding. With `--strict`, a warning is an error. */
function commandOf({ severity }: ReportedFinding, isStrict: boolean): string {
  return isStrict && severity === 'warning' ? 'error' : COMMANDS[severity];
}

const COMMANDS: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

// The runner decodes these: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
