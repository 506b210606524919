/** Links each finding to the finding that explains it. Reports list a finding under its cause. */
import type { Subject } from './check.ts';
import type { ReportedFinding, Result } from './result.ts';

/** Sets `causedBy` on each finding that another one explains. If two explain each other, the first in the list is the cause. */
export function linkFindings(results: readonly Result[]): Result[] {
  const all = results.flatMap(({ id, findings = [] }, position) =>
    findings.map((finding) => ({ id, position, finding })),
  );
  return results.map((result, position) => {
    if (result.findings === undefined) return result;
    const findings = result.findings.map((finding) => {
      const cause = all
        .filter((other) => other.position !== position && explains(other.id, other.finding, finding))
        .filter((other) => other.position < position || !explains(result.id, finding, other.finding))
        .toSorted((a, b) => causeRank(a.id, finding) - causeRank(b.id, finding))[0];
      return cause === undefined ? finding : { ...finding, causedBy: cause.id };
    });
    return { ...result, findings };
  });
}

/** Whether `cause`, a finding of the check `causeId`, explains `finding`. It must be at least as severe: a failure is not listed under a warning. */
function explains(causeId: string, cause: ReportedFinding, finding: ReportedFinding): boolean {
  const { about, severity } = finding;
  const isSameObject = cause.about === undefined || about === undefined || isSameTable(cause.about, about);
  const isSevereEnough = cause.severity === 'error' || (cause.severity === 'warning' && severity !== 'error');
  return causeRank(causeId, finding) !== -1 && isSameObject && isSevereEnough;
}

function isSameTable(a: Subject, b: Subject): boolean {
  return a.table === b.table && (a.schema ?? 'public') === (b.schema ?? 'public');
}

/** The index of a check in the finding's `follows`, which lists the most direct cause first. -1 if the check is not listed. */
function causeRank(id: string, { follows = [] }: ReportedFinding): number {
  return follows.findIndex((pattern) => pattern === id || pattern === `${id.split('/')[0]}/*`);
}
