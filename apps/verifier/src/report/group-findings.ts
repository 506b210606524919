/** Groups findings by their cause, for the reports that people read: the most severe group first, each finding once. */
import type { ReportedFinding, Result } from '../result.ts';
import { shortList, type ShortList, shortListFindings, WEIGHTS } from './short-list.ts';

/** The findings of a check that no other finding explains, and their consequences. */
export interface FindingGroup extends ShortList<ReportedFinding> {
  readonly result: Result;
  /** Findings of other checks that this one explains, as `id: have`. The last line counts the ones left out. */
  readonly consequences: readonly string[];
  /** Ids of the checks that did not run because this one failed. */
  readonly stopped: readonly string[];
}

/** Groups the findings. Leaves infos out unless `withInfos`: an info needs no action. */
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
    .map(({ result, findings }) => {
      const consequences = results.flatMap(({ id, findings: others = [] }) =>
        others.filter((other) => causeOf(other, id, firstId) === result.id).map(({ have }) => `${id}: ${have}`),
      );
      const stopped = results.filter(({ causedBy }) => causedBy === result.id).map(({ id }) => id);
      return Object.assign(shortListFindings(findings), { result, consequences: shorten(consequences), stopped });
    })
    .toSorted((a, b) => severityWeight(b) - severityWeight(a) || countAffected(b) - countAffected(a));
}

/** The id of the check whose group lists a finding. Two checks with the same finding list it under the first of them. */
function causeOf(finding: ReportedFinding, id: string, firstId: ReadonlyMap<string, string>): string | undefined {
  const first = firstId.get(keyOf(finding));
  return finding.causedBy ?? (first === id ? undefined : first);
}

/** A key that is equal for findings with the same text. */
function keyOf({ have, fix }: ReportedFinding): string {
  return JSON.stringify([have, fix]);
}

function shorten(texts: readonly string[]): readonly string[] {
  const { shown, more = [] } = shortList(texts);
  return [...shown, more].flat();
}

function severityWeight({ shown }: FindingGroup): number {
  return Math.max(...shown.map(({ severity }) => WEIGHTS[severity]));
}

/** The number of findings and checks that a group affects. */
function countAffected({ consequences, stopped }: FindingGroup): number {
  return consequences.length + stopped.length;
}
