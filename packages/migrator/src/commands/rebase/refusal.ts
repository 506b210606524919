/** Why the migrations stay as they are. */
import { CommandFailure, EXIT } from '../failure.ts';

/** @param why a sentence that begins small, and what to do. */
export function refusal(why: string, options?: ErrorOptions): CommandFailure {
  return new CommandFailure(EXIT.refused, `Nothing was done: ${why}`, options);
}
