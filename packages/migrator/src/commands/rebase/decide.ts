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

/** Returns `decide`, which uses the flag, else asks. Without flag and terminal, it throws a `CommandFailure`. */
export function createDecider(
  { keepSql = false, dropSql = false }: DecisionFlags,
  signal: AbortSignal,
): Pick<RebaseRequest, 'decide' | 'canAsk'> {
  if (keepSql) return { decide: async () => 'keep', canAsk: false };
  return {
    decide: async (migration) => (dropSql ? 'drop' : askWhetherToKeep(migration, signal)),
    canAsk: process.stdin.isTTY && process.stdout.isTTY,
  };
}

const PRINTED_LINES_MAX = 20;

const DECISIONS: readonly Decision[] = ['keep', 'drop'];

async function askWhetherToKeep({ tag, sql, origin }: BranchMigration, signal: AbortSignal): Promise<Decision> {
  const difference = `${tag}.sql differs from the SQL of drizzle-kit${origin === undefined ? ', and has no snapshot' : ''}`;
  if (!process.stdin.isTTY) throw needsDecisionError(difference);
  const lines = sql.trimEnd().split('\n');
  const remainder = lines.length > PRINTED_LINES_MAX ? [`… ${lines.length - PRINTED_LINES_MAX} more lines`] : [];
  printToStderr(`${difference}:`);
  process.stderr.write(indentLines([...lines.slice(0, PRINTED_LINES_MAX), ...remainder]));
  return askQuestion('Keep this SQL, or drop it? Type keep or drop: ', signal, (answer) =>
    DECISIONS.find((decision) => decision === answer),
  );
}

function needsDecisionError(difference: string): CommandFailure {
  return refusal(
    `${difference}. Decide whether to keep the SQL of this file:\n` +
      'run the command in a terminal, or with --keep-sql or --drop-sql, which apply to all such files.',
  );
}
