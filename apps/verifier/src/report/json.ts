/** The report for programs: one JSON object that follows `json-schema.ts`. */
import type { ReportedFinding, Result } from '../result.ts';
import type { JsonReport } from './json-schema.ts';
import { type Report, verdictOf } from './report.ts';

/** The object is on one line. */
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

/** Leaves out the stack of a crashed check, and evidence. */
function toCheck(result: Result): JsonReport['checks'][number] {
  const { crash: _, evidence: __, findings, ...content } = result;
  return copy({ ...content, ...(findings && { findings: findings.map(toFinding) }) });
}

/** Leaves out `follows`, which only the run uses. */
function toFinding(finding: ReportedFinding) {
  const { follows: _, ...content } = finding;
  return copy(content);
}

/** A mutable copy: the types of the schema are not `readonly`. */
function copy<T>(value: T): Mutable<T> {
  return structuredClone(value) as Mutable<T>;
}

type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;
