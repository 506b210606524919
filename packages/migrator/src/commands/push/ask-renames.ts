/** Asks on the terminal which objects were renamed. */
import { displayName } from '../../catalog/quoted.ts';
import { askQuestion } from '../ask.ts';
import { CommandFailure, EXIT } from '../failure.ts';
import { indentLines, printToStderr } from '../output.ts';
import type { PossibleRename, Rename } from './renames.ts';

/** Asks one question per object that may be renamed, and returns the renames. @throws {CommandFailure} if there is no terminal. */
export async function askRenames(questions: readonly PossibleRename[], signal: AbortSignal): Promise<Rename[]> {
  if (questions.length === 0) return [];
  if (!process.stdin.isTTY) throw needsTerminalError(questions);
  const renames: Rename[] = [];
  for (const question of questions) {
    // An object cannot be renamed twice.
    const isTaken = (candidate: string) =>
      renames.some((rename) => rename.from === candidate && isSameContainer(rename, question));
    const candidates = question.candidates.filter((candidate) => !isTaken(candidate));
    if (candidates.length === 0) continue;
    const from = candidates[(await askForCandidate({ ...question, candidates }, signal)) - 1];
    if (from !== undefined) renames.push({ ...question, from });
  }
  return renames;
}

/** Whether both are tables of one schema, or columns of one table. */
function isSameContainer(one: PossibleRename | Rename, other: PossibleRename): boolean {
  return one.kind === other.kind && one.schema === other.schema && one.table === other.table;
}

/** Asks for one object. Returns 0 if the object is new, else the number of the candidate, from 1. */
function askForCandidate(question: PossibleRename, signal: AbortSignal): Promise<number> {
  const { kind, candidates } = question;
  const choices = ['new', ...candidates.map((candidate) => `renamed from ${nameIn(question, candidate)}`)];
  printToStderr(`Is the ${kind} ${nameIn(question, question.name)} new, or renamed?`);
  for (const [number, choice] of choices.entries()) printToStderr(`  ${number}  ${choice}`);
  return askQuestion(`Type a number from 0 to ${candidates.length}: `, signal, (answer) =>
    /^\d+$/.test(answer) && Number(answer) <= candidates.length ? Number(answer) : undefined,
  );
}

const nameIn = ({ schema, table }: PossibleRename, name: string): string => displayName(schema, table, name);

function needsTerminalError(questions: readonly PossibleRename[]): CommandFailure {
  const lines = questions.map((question) => {
    const candidates = question.candidates.map((name) => nameIn(question, name));
    return `${question.kind} ${nameIn(question, question.name)}: new, or renamed from ${candidates.join(' or ')}`;
  });
  return new CommandFailure(
    EXIT.failed,
    `Nothing was changed. These objects are new or renamed, and only you can say which:\n${indentLines(lines)}` +
      'Run the command in a terminal and answer the questions.',
  );
}
