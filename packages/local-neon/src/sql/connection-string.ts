/** The `Neon-Connection-String` of a request. */
import { BadRequestError } from './bad-request.ts';
import type { Credentials } from './session.ts';

/** The last one: an application sends the same one every time, and taking it apart costs as much as reading the body. */
let last: { readonly text: string; readonly credentials: Credentials } | undefined;

/** Throws `BadRequestError`: without a header, and for another scheme, in the words of Neon's proxy. */
export function readConnectionString(text: string | undefined): Credentials {
  if (text === undefined) throw new BadRequestError('invalid header: neon-connection-string');
  if (last?.text !== text) last = { text, credentials: parse(text) };
  return last.credentials;
}

function parse(text: string): Credentials {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new BadRequestError('invalid connection string: it is not a URL');
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw new BadRequestError('incorrect scheme');
  }
  const credentials = {
    user: decode(url.username, 'user'),
    password: decode(url.password, 'password'),
    database: decode(url.pathname.split('/')[1] ?? '', 'database'),
  };
  for (const [part, value] of Object.entries(credentials)) {
    if (value === '') throw new BadRequestError(`invalid connection string: missing ${part}`);
    // It would end there, and what is behind it would be read as another parameter of the session.
    if (value.includes('\0'))
      throw new BadRequestError(`invalid connection string: the ${part} contains a zero character`);
  }
  return credentials;
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadRequestError(`invalid connection string: the ${part} is not percent-encoded correctly`);
  }
}
