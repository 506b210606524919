/** The failures of a command, printed with a cause and a remedy on standard error, and their exit codes. */
import { DatabaseUrlError } from '@todo/client/connection-url';
import { errorLayers, isSqlState } from '@todo/client/errors';

import { printToStderr, print } from './output.ts';

export const EXIT = {
  /** A fault was found, or work remains. The message names it. */
  failed: 1,
  wrongUsage: 2,
  couldNotConnect: 3,
  /** The command did nothing, because data could be lost or another system could be harmed. */
  refused: 4,
  ourBug: 70,
  interrupted: 130,
} as const;

/** An expected failure. The message is written for the person at the terminal: cause first, remedy after it. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: number;
  /** A code for programs. Default: the code of the cause. */
  readonly code: string | undefined;

  constructor(exitCode: number, message: string, options: ErrorOptions & { code?: string } = {}) {
    super(message, options);
    this.exitCode = exitCode;
    this.code = options.code ?? rootCause(options.cause).code;
  }
}

/** The failure of a command that has changed nothing. @param why follows a colon: the reason, from a small letter on, and the remedy. */
export function refusal(why: string, options?: ErrorOptions): CommandFailure {
  return new CommandFailure(EXIT.refused, `Nothing was done: ${why}`, options);
}

/** With `--json`, a failure of `work` is also printed as an object on standard output: `{ error: { code, message } }`. */
export async function printFailureAsJson<T>(isJson: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isJson) {
      const code = error instanceof CommandFailure ? error.code : rootCause(error).code;
      print(JSON.stringify({ error: { code: code ?? 'FAILED', message: describeError(error).message } }));
    }
    throw error;
  }
}

/** Prints the error without a stack trace, and returns the exit code. */
export function reportFailure(error: unknown): number {
  const { exitCode, message } = describeError(error);
  printToStderr(message);
  return exitCode;
}

function describeError(error: unknown): { exitCode: number; message: string } {
  if (error instanceof CommandFailure) return error;
  if (error instanceof DatabaseUrlError) return { exitCode: EXIT.wrongUsage, message: error.message };
  const { code, hint, message } = rootCause(error);
  if (isSqlState(code)) {
    const advice = hint === undefined ? '' : `\n${hint}`;
    return { exitCode: EXIT.failed, message: `PostgreSQL refused: ${message} (SQLSTATE ${code})${advice}` };
  }
  return { exitCode: EXIT.ourBug, message: `Unexpected: ${message}\nThis is a bug of the command.` };
}

export interface Cause {
  readonly message: string;
  readonly code: string | undefined;
  readonly hint: string | undefined;
}

/**
 * The innermost cause of an error. Outer errors may say less: Drizzle's error only repeats the query with its parameters, and Node's error
 * for several addresses has no message.
 */
export function rootCause(error: unknown): Cause {
  const { message, code, hint } = errorLayers(error).at(-1) ?? {};
  return {
    message: typeof message === 'string' && message !== '' ? message : String(code ?? error),
    code: typeof code === 'string' ? code : undefined,
    hint: typeof hint === 'string' ? hint : undefined,
  };
}
