/** `--write` on a database that is not on this machine: the user must type its name, or pass `--yes`. */
import { createInterface } from 'node:readline/promises';

import { isLoopback, maskUrl } from '@todo/client';

import { databaseName } from './database-url.ts';

/** The run was refused before anything was sent. The message says how to allow it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

export interface Prompt {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  readonly output: NodeJS.WritableStream;
  /** Called on Ctrl-C, which is a key press, not a signal, while a question is open. */
  readonly onInterrupt: () => void;
}

/**
 * Resolves when writing is allowed: on this machine, with `--yes`, or after the user has typed the name of the database.
 * @throws {Refusal} otherwise, and when there is no terminal to type on.
 */
export async function permitWriting(url: string, isConfirmed: boolean, prompt: Prompt): Promise<void> {
  // An invalid URL connects to nothing, and a check reports it.
  if (isConfirmed || isLoopback(url) || !URL.canParse(url.trim())) return;
  const refusal = `Nothing was done: ${maskUrl(url)} is not on this machine, and --write inserts rows and removes them at the end.\n`;
  if (prompt.input.isTTY !== true) throw new Refusal(`${refusal}Add --yes to allow writing.`);
  const name = databaseName(url);
  const typedName = await askUser(
    `Rows will be written to ${maskUrl(url)} and removed at the end. Type the database's name: `,
    prompt,
  );
  if (typedName !== name) throw new Refusal(`${refusal}The typed name is wrong: the database is called ${name}.`);
}

/** Asks the user and returns the typed line. Undefined after Ctrl-C. */
async function askUser(question: string, { input, output, onInterrupt }: Prompt): Promise<string | undefined> {
  const terminal = createInterface({ input, output, terminal: true });
  const interruption = new AbortController();
  terminal.once('SIGINT', () => {
    onInterrupt();
    interruption.abort();
  });
  try {
    return await terminal.question(question, interruption).catch(() => undefined);
  } finally {
    terminal.close();
  }
}
