/** The report for programs: one JSON object. */
import type { Result, Summary } from '../result.ts';

/** `{ checks, summary }`, on one line. */
export function jsonReport(results: readonly Result[], summary: Summary): string {
  const checks = results.map((result) => ({ ...result, crash: undefined }));
  return `${JSON.stringify({ checks, summary })}\n`;
}
