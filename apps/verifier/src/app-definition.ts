/** What a run verifies: a database by its definition, and the checks that only its application can write. */
import type { Session } from '@todo/client';
import type { DatabaseDefinition } from '@todo/migrator';

import type { Check, Finding } from './check.ts';

export interface App {
  readonly database: DatabaseDefinition;
  /** Checks about this application alone. All others are derived from the schema. */
  readonly checks: readonly Check[];
  /** The rows that these checks commit. Default: they commit none. */
  readonly committedRows?: CommittedRows;
}

/** How rows that a check commits are found again, by this run and by the next one. */
export interface CommittedRows {
  /** Called before the first check that writes: removes the rows that crashed runs left, and marks this run as alive. */
  readonly claim: (url: string, run: number) => Promise<Claim>;
  /** A finding for each row of a run that is left. */
  readonly findLeft: (session: Session, run: number) => Promise<Finding[]>;
}

export interface Claim {
  /** Removes the rows of the run, and ends the claim. */
  readonly release: () => Promise<void>;
}
