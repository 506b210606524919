/** The subject of a run: the definition of a database, and checks that are specific to its application. */
import type { Session } from '@todo/client';
import type { DatabaseDefinition } from '@todo/migrator';

import type { Check, Finding } from './check.ts';

export interface App {
  readonly database: DatabaseDefinition;
  /** Checks of this application. All other checks are derived from the schema. */
  readonly checks: readonly Check[];
  /** Finds and removes the rows that these checks commit. Default: they commit none. */
  readonly committedRows?: CommittedRows;
}

/** Finds and removes committed rows, in this run and after a crash of an earlier one. */
export interface CommittedRows {
  /**
   * Called before the first check that writes. Removes the rows of crashed runs and marks this run as alive. Resolves to a function that
   * removes the rows of this run and the mark.
   */
  readonly claim: (url: string, run: number) => Promise<() => Promise<void>>;
  /** Returns a finding for each row of this run that is still in the database. */
  readonly findRemainingRows: (session: Session, run: number) => Promise<Finding[]>;
}
