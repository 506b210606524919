/** The exit codes of `local-neon`. */
import { constants } from 'node:os';

export const FAILED = 1;
export const WRONG_USAGE = 2;

/** A shell returns these for a command that is not executable, or does not exist. */
export const NOT_EXECUTABLE = 126;
export const NOT_FOUND = 127;

/** The exit code of a program that a signal ended, as shells report it. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
