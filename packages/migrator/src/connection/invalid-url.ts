/** Errors in a connection string, or in the variables that complete it. Their messages repeat no value. */
import { DatabaseUrlError } from '@todo/client/connection-url';

/** The error for a fault in DATABASE_URL. @param fault the rest of the sentence that begins with the name of the variable. */
export function invalidUrl(fault: string): DatabaseUrlError {
  return new DatabaseUrlError('DATABASE_URL_INVALID', `DATABASE_URL ${fault}.`);
}

/** The error for a setting that may come from one of libpq's variables. */
export function invalidSetting(fault: string): DatabaseUrlError {
  return invalidUrl(`or a variable of libpq ${fault}`);
}

/** Returns the value if it is one of `values`. @throws {DatabaseUrlError} otherwise. */
export function requireOneOf<T extends string>(name: string, value: string, values: readonly T[]): T {
  const validValue = values.find((valid) => valid === value);
  if (validValue === undefined)
    throw invalidSetting(`has an invalid value for \`${name}\`: use one of ${values.join(', ')}`);
  return validValue;
}
