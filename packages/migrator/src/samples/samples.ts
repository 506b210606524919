/** The sample data of an application. */
import type { GeneratedRows } from './generated-rows.ts';
import type { SampleRows } from './sample-rows.ts';

export interface Samples {
  /** The rows that `db:seed` writes. Rows must follow the rows to which they refer. */
  readonly rows: readonly SampleRows[];
  /**
   * The rows that `db:seed --rows table=count` writes. Children must follow their parents. The function is called only if needed, because
   * generators are development dependencies. Default: none.
   */
  readonly generated?: () => Promise<readonly GeneratedRows[]>;
}
