/** Decides whether SQL that drizzle-kit would not write is kept: a flag or an answer on the terminal says so. */
import { ask } from '../ask.ts';
import { indented, note } from '../output.ts';
import { type CommandFailure, refusal } from '../failure.ts';
import type { OwnMigration } from './own-migrations.ts';
import type { Decision, RebaseRequest } from './plan-rebase.ts';

export interface DecisionFlags {
  readonly keepSql?: boolean;
  readonly dropSql?: boolean;
}

/** @throws {CommandFailure} if there is neither a flag nor a terminal. */
export function decideBy(
  { keepSql = false, dropSql = false }: DecisionFlags,
  signal: AbortSignal,
): Pick<RebaseRequest, 'decide' | 'hasAnswers'> {
  if (keepSql) return { decide: async () => 'keep', hasAnswers: false };
  return {
    decide: async (own) => (dropSql ? 'drop' : askAbout(own, signal)),
    hasAnswers: process.stdin.isTTY && process.stdout.isTTY,
  };
}

const LINES_SHOWN = 20;

const DECISIONS: readonly Decision[] = ['keep', 'drop'];

async function askAbout({ tag, sql, origin }: OwnMigration, signal: AbortSignal): Promise<Decision> {
  const why = origin === undefined ? ', and it has no snapshot' : '';
  if (!process.stdin.isTTY) throw needsDecision(tag, why);
  const lines = sql.trimEnd().split('\n');
  const rest = lines.length > LINES_SHOWN ? [`… ${lines.length - LINES_SHOWN} more lines`] : [];
  note(`${tag}.sql differs from the SQL of drizzle-kit${why}:`);
  process.stderr.write(indented([...lines.slice(0, LINES_SHOWN), ...rest]));
  return ask('Keep this SQL, or drop it? Type keep or drop: ', signal, (answer) =>
    DECISIONS.find((word) => word === answer),
  );
}

function needsDecision(tag: string, why: string): CommandFailure {
  return refusal(
    `${tag}.sql differs from the SQL of drizzle-kit${why}. Decide whether to keep it.\n` +
      'Run the command in a terminal, or with --keep-sql or --drop-sql, which apply to all such files.',
  );
}
