/** Reads the `Neon-Connection-String` of a request. */
import { ifPossible } from '../if-possible.ts';
import { BadRequestError } from './bad-request.ts';
import type { Credentials } from './session.ts';

/** Applications send the same string every time, and parsing it costs as much as reading the body. */
let lastParsed: { readonly text: string; readonly credentials: Credentials } | undefined;

/** The credentials in the header. Throws `BadRequestError`: for a missing header and another scheme with the message of Neon's proxy. */
export function readConnectionString(text: string | undefined): Credentials {
  if (text === undefined) throw new BadRequestError('invalid header: neon-connection-string');
  if (lastParsed?.text !== text) lastParsed = { text, credentials: parseConnectionString(text) };
  return lastParsed.credentials;
}

function parseConnectionString(text: string): Credentials {
  const url = ifPossible(() => new URL(text));
  if (url === undefined) throw new BadRequestError('invalid connection string: it is not a URL');
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw new BadRequestError('incorrect scheme');
  }
  const credentials = {
    user: decodePart(url.username, 'user'),
    password: decodePart(url.password, 'password'),
    database: decodePart(url.pathname.split('/')[1] ?? '', 'database'),
  };
  for (const [part, value] of Object.entries(credentials)) {
    if (value === '') throw new BadRequestError(`invalid connection string: missing ${part}`);
    // In the startup packet a zero byte ends a value: the rest would be read as another parameter.
    if (value.includes('\0'))
      throw new BadRequestError(`invalid connection string: the ${part} contains the character U+0000`);
  }
  return credentials;
}

function decodePart(text: string, part: string): string {
  const decoded = ifPossible(() => decodeURIComponent(text));
  if (decoded !== undefined) return decoded;
  throw new BadRequestError(`invalid connection string: the ${part} is not percent-encoded correctly`);
}
