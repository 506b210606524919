/** One rule of the linter, with an example that it finds and one that it lets pass. */
import type { StatementContext } from './statement-context.ts';

export interface Rule {
  readonly name: string;
  /** The harm on a database that is in use. */
  readonly why: string;
  /** The safe form of the same statement. */
  readonly instead: string;
  /** Worth knowing, and no reason to stop: `db:check` prints it and passes. Default false. */
  readonly isAdvice?: true;
  readonly bad: string;
  readonly good: string;
  readonly matches: (context: StatementContext) => boolean;
}

/** For examples: the first line of a file that runs outside a transaction. */
export const OUTSIDE = '-- migrate: no transaction\n';

/** For examples: between two statements. */
export const NEXT = '\n--> statement-breakpoint\n';
