/** Asks questions on the terminal. */
import { createInterface } from 'node:readline/promises';

import { CommandFailure, EXIT } from './failure.ts';

/** Repeats the question until `read` returns a value for the answer. Must be called only on a terminal. */
export async function askQuestion<T>(
  question: string,
  signal: AbortSignal,
  read: (answer: string) => T | undefined,
): Promise<T> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (;;) {
      const answer = read((await terminal.question(question, { signal })).trim());
      if (answer !== undefined) return answer;
    }
  } catch (cause) {
    // Ctrl-C and Ctrl-D reach the question and not the process.
    throw new CommandFailure(EXIT.interrupted, 'Interrupted: nothing was done.', { cause });
  } finally {
    terminal.close();
  }
}
