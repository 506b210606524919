/** Findings with one cause: what follows from another check's finding says so, and reports list it there. */
import type { ReportedFinding, Result } from './result.ts';

/**
 * Marks each finding that another one explains, and each check that did not run because of another. Pure. A cause is itself
 * never caused by what it explains: the first in the order of the results stays.
 */
export function foldFindings(results: readonly Result[]): Result[] {
  const causes = results.flatMap(({ id, findings = [] }) => findings.map((finding) => ({ id, finding })));
  return results.map((result) => {
    if (result.findings === undefined) return result;
    const findings = result.findings.map((finding) => {
      const cause = causes.find((other) => other.id !== result.id && explains(other.id, other.finding, finding));
      return cause === undefined ? finding : { ...finding, causedBy: cause.id };
    });
    return { ...result, findings };
  });
}

function explains(id: string, cause: ReportedFinding, { follows = [], about }: ReportedFinding): boolean {
  const isNamed = follows.some((pattern) => pattern === id || pattern === `${id.split('/')[0]}/*`);
  const isSame = cause.about === undefined || about === undefined || cause.about.table === about.table;
  return isNamed && isSame && cause.severity !== 'info';
}
