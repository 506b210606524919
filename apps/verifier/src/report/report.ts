/** The input of all reports: the outcome of a run. */
import type { Result, Summary } from '../result.ts';
import type { CatalogComparison } from '../schema-comparison.ts';

export interface Report {
  /** The URL without its password; undefined without a database. */
  readonly database?: string;
  /** A result for each selected check, and for each failed check because of which a selected one did not run. */
  readonly results: readonly Result[];
  readonly summary: Summary;
  /** Whether a warning fails the run. */
  readonly isStrict: boolean;
  /** Set if the schemas were compared. */
  readonly comparison?: CatalogComparison;
}

export type Verdict = 'passed' | 'failed';

/** The verdict of a run: a failed check fails it, and with `--strict` a warning does. A skipped check does not. */
export function verdictOf({ summary, isStrict }: Report): Verdict {
  return summary.failed > 0 || (isStrict && summary.warned > 0) ? 'failed' : 'passed';
}
