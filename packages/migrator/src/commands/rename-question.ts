/** Fails where drizzle-kit asks whether an object is new or renamed: only a person on a terminal can answer. */
import { CommandFailure, EXIT } from './failure.ts';

/** Awaits a comparison of drizzle-kit. If it asks a question without a terminal, throws a failure with the remedy. */
export async function failOnQuestion<T>(comparison: Promise<T>): Promise<T> {
  return comparison.catch((error: unknown) => {
    throw isUnansweredQuestion(error) ? renameQuestionError(error) : error;
  });
}

/** Whether the error is that of drizzle-kit: `Interactive prompts require a TTY terminal …`. */
function isUnansweredQuestion(error: unknown): error is Error {
  return error instanceof Error && error.message.includes('TTY');
}

export function renameQuestionError(cause?: Error): CommandFailure {
  return new CommandFailure(
    EXIT.failed,
    'Nothing was changed. drizzle-kit cannot tell whether an object is new, or renamed from another one.\n' +
      'Run the command in a terminal and answer the question.',
    { cause },
  );
}
