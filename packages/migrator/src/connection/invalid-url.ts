/** What is wrong with a connection string, or with the variables that complete it. */
import { DatabaseUrlError } from '@todo/client/connection-url';

/** @param fault goes on after the name of the variable, and repeats nothing of its value. */
export function invalid(fault: string): DatabaseUrlError {
  return new DatabaseUrlError('DATABASE_URL_INVALID', `DATABASE_URL${fault.startsWith(",") ? "" : " "}${fault}.`);
}

export function oneOf<T extends string>(name: string, value: string, values: readonly T[]): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw invalid(`, or libpq's variable, gives \`${name}\` a value that is none of ${values.join(', ')}`);
  return found;
}
