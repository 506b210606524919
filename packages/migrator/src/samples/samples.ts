/** The sample data of an application. */
import type { GeneratedRows } from './generated-rows.ts';
import type { SampleRows } from './sample-rows.ts';

export interface Samples {
  /** Written by `db:seed`. A row that others refer to stands before them. */
  readonly rows: readonly SampleRows[];
  /**
   * Written by `db:seed --rows table=count`. Parents stand before their children. Loaded when asked for: generators are
   * development dependencies. Default: none.
   */
  readonly generated?: () => Promise<readonly GeneratedRows[]>;
}
