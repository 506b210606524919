/** Asks on the terminal which objects were renamed. */
import { createInterface } from 'node:readline/promises';

import { CommandFailure, EXIT } from '../failure.ts';
import type { MaybeRenamed, Rename } from './renames.ts';

/** @throws {CommandFailure} if there is no terminal. */
export async function askRenames(questions: readonly MaybeRenamed[], signal: AbortSignal): Promise<Rename[]> {
  if (questions.length === 0) return [];
  if (!process.stdin.isTTY) throw needsTerminal(questions);
  const renames: Rename[] = [];
  for (const question of questions) {
    const isTaken = (candidate: string) =>
      renames.some((rename) => rename.from === candidate && isSamePlace(rename, question));
    const candidates = question.candidates.filter((candidate) => !isTaken(candidate));
    if (candidates.length === 0) continue;
    const answer = await ask({ ...question, candidates }, signal);
    if (answer !== undefined) renames.push({ ...question, from: answer });
  }
  return renames;
}

function isSamePlace(one: MaybeRenamed | Rename, other: MaybeRenamed): boolean {
  return one.kind === other.kind && one.schema === other.schema && one.table === other.table;
}

/** Returns the old name; undefined if the object is new. */
async function ask(question: MaybeRenamed, signal: AbortSignal): Promise<string | undefined> {
  const { kind, candidates } = question;
  const choices = [
    `it is new`,
    ...candidates.map((candidate) => `it was ${nameIn(question, candidate)}, and is renamed`),
  ];
  process.stderr.write(`Is the ${kind} ${nameIn(question, question.name)} new, or renamed?\n`);
  for (const [place, choice] of choices.entries()) process.stderr.write(`  ${place}  ${choice}\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (;;) {
      const answer = (await terminal.question(`Type a number from 0 to ${candidates.length}: `, { signal })).trim();
      if (/^\d+$/.test(answer) && Number(answer) <= candidates.length) return candidates[Number(answer) - 1];
    }
  } catch (cause) {
    // Ctrl-C and Ctrl-D reach the question and not the process.
    throw new CommandFailure(EXIT.interrupted, 'Interrupted: nothing was done.', { cause });
  } finally {
    terminal.close();
  }
}

function nameIn({ schema, table }: MaybeRenamed, name: string): string {
  return [schema === 'public' ? '' : schema, table, name].filter((part) => part !== '').join('.');
}

function needsTerminal(questions: readonly MaybeRenamed[]): CommandFailure {
  const lines = questions.map((question) => {
    const [wanted, ...found] = [question.name, ...question.candidates].map((name) => nameIn(question, name));
    return `  ${question.kind} ${wanted}: new, or ${found.join(' or ')} renamed\n`;
  });
  return new CommandFailure(
    EXIT.failed,
    `Nothing was done: an object was renamed, or one was dropped and another added:\n${lines.join('')}` +
      'Run the command in a terminal to answer.',
  );
}
