/** Asks questions on the terminal. */
import { createInterface } from 'node:readline/promises';

import { CommandFailure, EXIT } from './failure.ts';

/** Repeats the question until `parseAnswer` returns a value for the answer. Must be called only on a terminal. */
export async function askQuestion<T>(
  question: string,
  signal: AbortSignal,
  parseAnswer: (answer: string) => T | undefined,
): Promise<T> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (;;) {
      const text = await terminal.question(question, { signal }).catch(rethrowAsInterrupted);
      const answer = parseAnswer(text.trim());
      if (answer !== undefined) return answer;
    }
  } finally {
    terminal.close();
  }
}

/** Ctrl-C and Ctrl-D reach the question and not the process. */
function rethrowAsInterrupted(cause: unknown): never {
  throw new CommandFailure(EXIT.interrupted, 'Interrupted: nothing was done.', { cause });
}
