/** What a report tells of what is not well: each cause once, with what follows from it, the worst first. */
import type { ReportedFinding, Result } from '../result.ts';
import { andMore, few, fewFindings, WEIGHTS } from './few.ts';

export interface Chapter {
  readonly result: Result;
  /** The first of those that nothing else explains. */
  readonly findings: readonly ReportedFinding[];
  /** `and 176 more`, when there are. */
  readonly more: string | undefined;
  /** Findings of other checks that this one explains: `id: have`; when there are many, the first and how many more. */
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
      findings: fewFindings(findings).shown,
      more: andMore(fewFindings(findings)),
      consequences: firstOf(
        results.flatMap(({ id, findings: others = [] }) =>
          others.filter((other) => causeOf(other, id, told) === result.id).map(({ have }) => `${id}: ${have}`),
        ),
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

function firstOf(texts: readonly string[]): readonly string[] {
  const more = andMore(few(texts));
  return more === undefined ? texts : [...few(texts).shown, more];
}

function weight({ findings }: Chapter): number {
  return Math.max(...findings.map(({ severity }) => WEIGHTS[severity]));
}

function reach({ consequences, stopped }: Chapter): number {
  return consequences.length + stopped.length;
}
