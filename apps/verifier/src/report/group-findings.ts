/** Findings grouped by their cause, for the reports that people read: the most severe group first, each finding once. */
import type { ReportedFinding, Result } from '../result.ts';
import { andMore, few, fewFindings, WEIGHTS } from './few.ts';

export interface FindingGroup {
  readonly result: Result;
  /** The first few findings that no other finding explains. */
  readonly findings: readonly ReportedFinding[];
  /** `and 176 more`, when there are. */
  readonly more: string | undefined;
  /** Findings of other checks that this one explains, as `id: have`. The last line counts the ones left out. */
  readonly consequences: readonly string[];
  /** Ids of the checks that did not run because this one failed. */
  readonly stopped: readonly string[];
}

/** Leaves infos out unless `withInfos`: an info asks for nothing. */
export function groupFindings(results: readonly Result[], { withInfos = false } = {}): FindingGroup[] {
  const firstId = new Map<string, string>();
  const own = results.map((result) => {
    const findings = (result.findings ?? []).filter(
      (finding) => causeOf(finding, result.id, firstId) === undefined && (withInfos || finding.severity !== 'info'),
    );
    for (const finding of findings) firstId.set(keyOf(finding), firstId.get(keyOf(finding)) ?? result.id);
    return { result, findings };
  });
  return own
    .filter(({ findings }) => findings.length > 0)
    .map(({ result, findings }) => ({
      result,
      findings: fewFindings(findings).shown,
      more: andMore(fewFindings(findings)),
      consequences: firstOf(
        results.flatMap(({ id, findings: others = [] }) =>
          others.filter((other) => causeOf(other, id, firstId) === result.id).map(({ have }) => `${id}: ${have}`),
        ),
      ),
      stopped: results.filter(({ causedBy }) => causedBy === result.id).map(({ id }) => id),
    }))
    .toSorted((a, b) => weight(b) - weight(a) || reach(b) - reach(a));
}

/** The id of the check whose group lists a finding. Two checks with the same finding list it under the first of them. */
function causeOf(finding: ReportedFinding, id: string, firstId: ReadonlyMap<string, string>): string | undefined {
  const first = firstId.get(keyOf(finding));
  return finding.causedBy ?? (first === id ? undefined : first);
}

/** Equal for findings that say the same. */
function keyOf({ have, fix }: ReportedFinding): string {
  return JSON.stringify([have, fix]);
}

function firstOf(texts: readonly string[]): readonly string[] {
  const more = andMore(few(texts));
  return more === undefined ? texts : [...few(texts).shown, more];
}

function weight({ findings }: FindingGroup): number {
  return Math.max(...findings.map(({ severity }) => WEIGHTS[severity]));
}

function reach({ consequences, stopped }: FindingGroup): number {
  return consequences.length + stopped.length;
}
