/** The report for programs: one JSON object that follows `json-schema.ts`. */
import type { ReportedFinding, Result } from '../result.ts';
import type { JsonReport } from './json-schema.ts';
import { type Report, verdictOf } from './report.ts';

/** Returns the report as JSON on one line. */
export function jsonReport(report: Report): string {
  const { database, results, summary } = report;
  const content: Immutable<JsonReport> = {
    version: 1,
    verdict: verdictOf(report),
    ...(database !== undefined && { database }),
    checks: results.map(toCheck),
    summary,
  };
  return `${JSON.stringify(content)}\n`;
}

/** A check in the report, without evidence and the stack of a crash. */
function toCheck(result: Result): Immutable<JsonReport>['checks'][number] {
  const { crash: _, evidence: __, findings, ...content } = result;
  return { ...content, ...(findings && { findings: findings.map(toFinding) }) };
}

/** A finding in the report, without `follows`, which only the run uses. */
function toFinding(finding: ReportedFinding) {
  const { follows: _, ...content } = finding;
  return content;
}

/** The types of the schema are not `readonly`. */
type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;
