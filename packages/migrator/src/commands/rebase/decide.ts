/** Decides whether to keep SQL that drizzle-kit would not write, by a flag or by an answer on the terminal. */
import { askQuestion } from '../ask.ts';
import { indentLines, printToStderr } from '../output.ts';
import { type CommandFailure, refusal } from '../failure.ts';
import type { BranchMigration } from './branch-migrations.ts';
import type { Decision, RebaseRequest } from './plan-rebase.ts';

export interface DecisionFlags {
  readonly keepSql?: boolean;
  readonly dropSql?: boolean;
}

/** Creates `decide`, which throws a `CommandFailure` without a flag and without a terminal. */
export function createDecider(
  { keepSql = false, dropSql = false }: DecisionFlags,
  signal: AbortSignal,
): Pick<RebaseRequest, 'decide' | 'hasAnswers'> {
  if (keepSql) return { decide: async () => 'keep', hasAnswers: false };
  return {
    decide: async (own) => (dropSql ? 'drop' : askWhetherToKeep(own, signal)),
    hasAnswers: process.stdin.isTTY && process.stdout.isTTY,
  };
}

const LINES_SHOWN = 20;

const DECISIONS: readonly Decision[] = ['keep', 'drop'];

async function askWhetherToKeep({ tag, sql, origin }: BranchMigration, signal: AbortSignal): Promise<Decision> {
  const why = origin === undefined ? ', and it has no snapshot' : '';
  if (!process.stdin.isTTY) throw needsDecisionError(tag, why);
  const lines = sql.trimEnd().split('\n');
  const rest = lines.length > LINES_SHOWN ? [`… ${lines.length - LINES_SHOWN} more lines`] : [];
  printToStderr(`${tag}.sql differs from the SQL of drizzle-kit${why}:`);
  process.stderr.write(indentLines([...lines.slice(0, LINES_SHOWN), ...rest]));
  return askQuestion('Keep this SQL, or drop it? Type keep or drop: ', signal, (answer) =>
    DECISIONS.find((word) => word === answer),
  );
}

function needsDecisionError(tag: string, why: string): CommandFailure {
  return refusal(
    `${tag}.sql differs from the SQL of drizzle-kit${why}. Decide whether to keep it.\n` +
      'Run the command in a terminal, or with --keep-sql or --drop-sql, which apply to all such files.',
  );
}
