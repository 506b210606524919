/** The failure of a rebase that changes nothing. */
import { CommandFailure, EXIT } from '../failure.ts';

/** @param why a sentence in lower case, with the remedy. */
export function refusal(why: string, options?: ErrorOptions): CommandFailure {
  return new CommandFailure(EXIT.refused, `Nothing was done: ${why}`, options);
}
