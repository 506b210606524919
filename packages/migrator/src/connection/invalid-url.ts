/** What is wrong with a connection string, or with the variables that complete it. None of their values is repeated. */
import { DatabaseUrlError } from '@todo/client/connection-url';

/** @param fault goes on after the name of the variable. */
export function invalidUrl(fault: string): DatabaseUrlError {
  return new DatabaseUrlError('DATABASE_URL_INVALID', `DATABASE_URL ${fault}.`);
}

/** For what one of libpq's variables may have said, too. */
export function invalidSetting(fault: string): DatabaseUrlError {
  return invalidUrl(`or a variable of libpq ${fault}`);
}

export function oneOf<T extends string>(name: string, value: string, values: readonly T[]): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw invalidSetting(`gives \`${name}\` a value that is none of ${values.join(', ')}`);
  return found;
}
