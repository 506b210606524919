/** `--write` on a database that is not on this machine: only for who says by name which one is meant. */
import { createInterface } from 'node:readline/promises';

import { isLoopback, maskUrl } from '@todo/client';

/** Nothing was sent: what was asked for might do harm. The message says what would be safe. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

export interface Asker {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  readonly output: NodeJS.WritableStream;
  /** Told of Ctrl-C, which is a key there and no signal. */
  readonly onInterrupt: () => void;
}

/**
 * Returns when writing is allowed: on this machine, with `--yes`, or after its name was typed.
 * @throws {Refusal} otherwise, where nobody can type it too.
 */
export async function permitWriting(url: string, isSure: boolean, asker: Asker): Promise<void> {
  // One that cannot be read leads nowhere, and a check says what is wrong with it.
  if (isSure || isLoopback(url) || !URL.canParse(url.trim())) return;
  const refusal = `Nothing was done: ${maskUrl(url)} is not on this machine, and --write puts rows into it for a moment.\n`;
  if (asker.input.isTTY !== true) throw new Refusal(`${refusal}Add --yes if that is meant.`);
  const name = decodeURIComponent(new URL(url.trim()).pathname.slice(1));
  const typed = await ask(
    `Rows will be written to ${maskUrl(url)}, and removed again. Type the database's name: `,
    asker,
  );
  if (typed !== name) throw new Refusal(`${refusal}That is not its name: it is called ${name}.`);
}

/** Undefined after Ctrl-C. */
async function ask(question: string, { input, output, onInterrupt }: Asker): Promise<string | undefined> {
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
