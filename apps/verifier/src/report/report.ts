/** A run, as all reports tell it. */
import type { Result, Summary } from '../result.ts';
import type { CatalogComparison } from '../schema-comparison.ts';

export interface Report {
  /** Without its password; undefined when there was none. */
  readonly database?: string;
  readonly results: readonly Result[];
  readonly summary: Summary;
  /** Whether a warning fails the run. */
  readonly isStrict: boolean;
  /** When the schemas were compared. */
  readonly comparison?: CatalogComparison;
}

export type Verdict = 'passed' | 'failed';

/** Whether the database is as the code says. What did not run proves nothing, and fails nothing. */
export function verdictOf({ summary, isStrict }: Report): Verdict {
  return summary.failed > 0 || (isStrict && summary.warned > 0) ? 'failed' : 'passed';
}
