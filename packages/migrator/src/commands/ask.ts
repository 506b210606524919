/** A question on the terminal. */
import { createInterface } from 'node:readline/promises';

import { CommandFailure, EXIT } from './failure.ts';

/** Returns the answer. Returns undefined if there is no terminal. */
export async function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question, { signal });
  } catch (cause) {
    // Ctrl-C and Ctrl-D reach the question and not the process.
    throw new CommandFailure(EXIT.interrupted, 'Interrupted: nothing was done.', { cause });
  } finally {
    terminal.close();
  }
}
