/** The report for CI servers: JUnit XML with a suite per group and a case per check. */
import { groupResults, groupOf, isSkipped, type ReportedFinding, type Result } from '../result.ts';
import { shortListFindings } from './short-list.ts';
import { type Markup, markup } from './markup.ts';
import type { Report } from './report.ts';

/** Returns the report as XML. A warning is a failure only with `--strict`; else it is in the output of its case. */
export function junitReport({ results, summary, isStrict }: Report): string {
  const suites = groupResults(results).map(([group, members]) => {
    const durationMs = members.reduce((sum, member) => sum + member.durationMs, 0);
    return markup`  <testsuite name="${group}"${renderCounts(members, isStrict)} time="${toSeconds(durationMs)}">
${members.map((member) => renderTestcase(member, isStrict))}  </testsuite>\n`;
  });
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="verify"${renderCounts(results, isStrict)} time="${toSeconds(summary.durationMs)}">
${suites}</testsuites>\n`.toString();
}

/** The counts of a suite, as attributes. JUnit counts a crash as an error, and not as a failure. */
function renderCounts(results: readonly Result[], isStrict: boolean): Markup {
  const errors = results.filter(({ crash }) => crash !== undefined).length;
  const failures = results.filter((result) => isFailure(result, isStrict)).length - errors;
  const skips = results.filter(isSkipped).length;
  return markup` tests="${results.length}" failures="${failures}" errors="${errors}" skipped="${skips}"`;
}

function renderTestcase(result: Result, isStrict: boolean): Markup {
  const { id, title, durationMs, findings = [] } = result;
  const [place] = findings.flatMap(({ places = [] }) => places);
  const location = place && markup` file="${place.file}" line="${place.line}"`;
  return markup`    <testcase classname="verify.${groupOf(result)}" name="${id}: ${title}" time="${toSeconds(durationMs)}"${location}>${renderContent(result, isStrict)}</testcase>\n`;
}

/** The content of a case: why it was skipped, or its findings. Undefined for a pass without findings. */
function renderContent(result: Result, isStrict: boolean): Markup | undefined {
  const { id, reason, findings = [], crash } = result;
  if (isSkipped(result)) return markup`<skipped message="${reason}"/>`;
  if (findings.length === 0) return undefined;
  const { shown, more } = shortListFindings(findings);
  const text = [...shown.map(findingText), ...more].join('\n\n');
  if (!isFailure(result, isStrict)) return markup`<system-out>${text}</system-out>`;
  const message = [...shown.map(({ have }) => have.replaceAll('\n', ' ')), ...more].join('; ');
  return crash === undefined
    ? markup`<failure message="${message}" type="${id}">${text}</failure>`
    : markup`<error message="${message}" type="${id}">${text}</error>`;
}

function isFailure({ status }: Result, isStrict: boolean): boolean {
  return status === 'fail' || (isStrict && status === 'warn');
}

function findingText({ have, want, why, fix, places = [] }: ReportedFinding): string {
  const placeLines = places.map(({ file, line }) => `\nat:   ${file}:${line}`).join('');
  return `have: ${have}\nwant: ${want}\nwhy:  ${why}\nfix:  ${fix}${placeLines}`;
}

function toSeconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
