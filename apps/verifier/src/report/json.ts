/** The report for programs: one JSON object, as `json-schema.ts` promises. */
import type { ReportedFinding, Result } from '../result.ts';
import type { JsonReport } from './json-schema.ts';
import { type Report, verdictOf } from './report.ts';

/** On one line. */
export function jsonReport(report: Report): string {
  const { database, results, summary } = report;
  const content: JsonReport = {
    version: 1,
    verdict: verdictOf(report),
    ...(database !== undefined && { database }),
    checks: results.map(toCheck),
    summary: { ...summary },
  };
  return `${JSON.stringify(content)}\n`;
}

/** Without the stack of a check that broke, and without what only pictures need. */
function toCheck(result: Result): JsonReport['checks'][number] {
  const { crash: _, evidence: __, findings, ...told } = result;
  return copy({ ...told, ...(findings && { findings: findings.map(toFinding) }) });
}

/** Without what only the run needs. */
function toFinding(finding: ReportedFinding) {
  const { follows: _, ...told } = finding;
  return copy(told);
}

/** What may not be changed becomes what may: the schema's types know no `readonly`. */
function copy<T>(value: T): Mutable<T> {
  return structuredClone(value) as Mutable<T>;
}

type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;
