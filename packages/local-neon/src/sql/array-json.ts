/** Writes PostgreSQL's arrays as JSON. */
import { closingQuote } from './quoted-text.ts';

/** The JSON of an array such as `[0:1]={{1,NULL},{"a \"b\"",2}}`, without its bounds: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
export function arrayJson(text: string, separator: string, encode: (element: string) => string): string {
  const punctuation = new Map([
    ['{', '['],
    ['}', ']'],
    [separator, ','],
  ]);
  const parts: string[] = [];
  let position = text.startsWith('[') ? text.indexOf('=') + 1 : 0;
  while (position < text.length) {
    const jsonCharacter = punctuation.get(text[position]!);
    if (jsonCharacter !== undefined) {
      parts.push(jsonCharacter);
      position += 1;
    } else if (text[position] === '"') {
      const end = closingQuote(text, position);
      parts.push(encode(text.slice(position + 1, end).replaceAll(/\\(.)/gs, '$1')));
      position = end + 1;
    } else {
      let end = position + 1;
      while (end < text.length && !punctuation.has(text[end]!)) end += 1;
      const unquoted = text.slice(position, end);
      parts.push(unquoted === 'NULL' ? 'null' : encode(unquoted));
      position = end;
    }
  }
  return parts.join('');
}
