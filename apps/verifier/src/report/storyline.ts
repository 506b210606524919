/** What a report tells of what is not well: each cause once, with what follows from it, the worst first. */
import type { Severity } from '../check.ts';
import type { ReportedFinding, Result } from '../result.ts';

export interface Chapter {
  readonly result: Result;
  /** Those that nothing else explains. */
  readonly findings: readonly ReportedFinding[];
  /** Findings of other checks that this one explains: `id: have`. */
  readonly consequences: readonly string[];
  /** Ids of the checks that did not run because of this one. */
  readonly stopped: readonly string[];
}

/** Without infos unless `withInfos`: nothing is to be done about them. */
export function tell(results: readonly Result[], { withInfos = false } = {}): Chapter[] {
  const told = new Map<string, string>();
  const chapters = results.map((result) => {
    const findings = (result.findings ?? []).filter(
      (finding) => causeOf(finding, result.id, told) === undefined && (withInfos || finding.severity !== 'info'),
    );
    for (const finding of findings) told.set(sameness(finding), told.get(sameness(finding)) ?? result.id);
    return { result, findings };
  });
  return chapters
    .filter(({ findings }) => findings.length > 0)
    .map(({ result, findings }) => ({
      result,
      findings,
      consequences: results.flatMap(({ id, findings: others = [] }) =>
        others.filter((other) => causeOf(other, id, told) === result.id).map(({ have }) => `${id}: ${have}`),
      ),
      stopped: results.filter(({ causedBy }) => causedBy === result.id).map(({ id }) => id),
    }))
    .toSorted((a, b) => weight(b) - weight(a) || reach(b) - reach(a));
}

/** The id of the check under which a finding is told. Two checks that found the same tell it under the first. */
function causeOf(finding: ReportedFinding, id: string, told: ReadonlyMap<string, string>): string | undefined {
  const first = told.get(sameness(finding));
  return finding.causedBy ?? (first === id ? undefined : first);
}

function sameness({ have, fix }: ReportedFinding): string {
  return JSON.stringify([have, fix]);
}

const WEIGHTS: Record<Severity, number> = { error: 2, warning: 1, info: 0 };

function weight({ findings }: Chapter): number {
  return Math.max(...findings.map(({ severity }) => WEIGHTS[severity]));
}

function reach({ consequences, stopped }: Chapter): number {
  return consequences.length + stopped.length;
}
