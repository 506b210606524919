/** Fails where drizzle-kit asks whether an object is new or renamed: only a person on a terminal can answer. */
import { CommandFailure, EXIT } from './failure.ts';

/** Awaits a comparison of drizzle-kit. If it asks a question without a terminal, throws a failure with the remedy. */
export async function failOnQuestion<T>(comparison: Promise<T>): Promise<T> {
  return comparison.catch((error: unknown) => {
    // drizzle-kit throws `Interactive prompts require a TTY terminal …`.
    throw error instanceof Error && error.message.includes('TTY') ? renameQuestionError(error) : error;
  });
}

export function renameQuestionError(cause?: Error): CommandFailure {
  return new CommandFailure(
    EXIT.failed,
    'Nothing was changed. drizzle-kit cannot tell whether an object is new, or renamed from another one.\n' +
      'Run the command in a terminal and answer the question.',
    { cause },
  );
}
