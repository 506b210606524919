/** Groups findings by their cause, for the reports that people read: the most severe group first, each finding once. */
import type { ReportedFinding, Result } from '../result.ts';
import { shortList, type ShortList, shortListFindings, WEIGHTS } from './short-list.ts';

/** The findings of a check that are not listed under another check, and their consequences. */
export interface FindingGroup extends ShortList<ReportedFinding> {
  readonly result: Result;
  /** Findings of other checks that this one explains, as `id: have`. The last line counts the findings that are left out. */
  readonly consequences: readonly string[];
  /** Ids of the checks that did not run because this one failed. */
  readonly stopped: readonly string[];
}

/** Groups the findings. Leaves infos out unless `withInfos`: an info needs no action. */
export function groupFindings(results: readonly Result[], { withInfos = false } = {}): FindingGroup[] {
  const idsOfFirst: IdsOfFirst = new Map();
  // In the order of the results: each finding is listed under the first check that has it.
  const listed = results.map((result) => {
    const findings = (result.findings ?? []).filter(
      (finding) => causeOf(finding, result.id, idsOfFirst) === undefined && (withInfos || finding.severity !== 'info'),
    );
    for (const finding of findings) idsOfFirst.set(keyOf(finding), idsOfFirst.get(keyOf(finding)) ?? result.id);
    return { result, findings };
  });
  return listed
    .filter(({ findings }) => findings.length > 0)
    .map(({ result, findings }) => {
      const consequences = results.flatMap(({ id, findings: others = [] }) =>
        others.filter((other) => causeOf(other, id, idsOfFirst) === result.id).map(({ have }) => `${id}: ${have}`),
      );
      const stopped = results.filter(({ causedBy }) => causedBy === result.id).map(({ id }) => id);
      const { shown, more } = shortList(consequences);
      return Object.assign(shortListFindings(findings), { result, consequences: [...shown, ...more], stopped });
    })
    .toSorted((a, b) => severityWeight(b) - severityWeight(a) || countAffected(b) - countAffected(a));
}

/** The id of the first check that has a finding, by the key of the finding. */
type IdsOfFirst = Map<string, string>;

/** The id of the other check under which the finding of check `id` is listed: its cause, or the first check with the same finding. */
function causeOf(finding: ReportedFinding, id: string, idsOfFirst: IdsOfFirst): string | undefined {
  const firstId = idsOfFirst.get(keyOf(finding));
  return finding.causedBy ?? (firstId === id ? undefined : firstId);
}

/** A key that is equal for findings with the same text. */
function keyOf({ have, fix }: ReportedFinding): string {
  return JSON.stringify([have, fix]);
}

function severityWeight({ shown }: FindingGroup): number {
  return Math.max(...shown.map(({ severity }) => WEIGHTS[severity]));
}

/** The number of findings and checks that the findings of a group affect. */
function countAffected({ consequences, stopped }: FindingGroup): number {
  return consequences.length + stopped.length;
}
