/** One rule of the linter, with an example that it finds and an example that it accepts. */
import type { StatementContext } from './statement-context.ts';

export interface Rule {
  readonly name: string;
  /** The harm on a database that is in use. */
  readonly why: string;
  /** The safe form of the same statement. */
  readonly instead: string;
  /** The finding is advice: `db:check` prints it and passes. Default false. */
  readonly isAdvice?: true;
  readonly bad: string;
  readonly good: string;
  readonly matches: (context: StatementContext) => boolean;
}

/** For examples: the first line of a file that runs outside a transaction. */
export const NO_TRANSACTION = '-- migrate: no transaction\n';

/** For examples: the separator of two statements. */
export const STATEMENT_BREAK = '\n--> statement-breakpoint\n';
