/** Writes PostgreSQL's arrays as JSON. */
import { closingQuote } from './quoted-text.ts';

/** The JSON of an array such as `[0:1]={{1,NULL},{"a \"b\"",2}}`: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
export function arrayJson(text: string, separator: string, encode: (element: string) => string): string {
  const marks = new Map([
    ['{', '['],
    ['}', ']'],
    [separator, ','],
  ]);
  const parts: string[] = [];
  let position = text.startsWith('[') ? text.indexOf('=') + 1 : 0;
  while (position < text.length) {
    const mark = marks.get(text[position]!);
    if (mark !== undefined) {
      parts.push(mark);
      position += 1;
    } else if (text[position] === '"') {
      const end = closingQuote(text, position);
      parts.push(encode(text.slice(position + 1, end).replaceAll(/\\(.)/gs, '$1')));
      position = end + 1;
    } else {
      let end = position + 1;
      while (end < text.length && !marks.has(text[end]!)) end += 1;
      const bare = text.slice(position, end);
      parts.push(bare === 'NULL' ? 'null' : encode(bare));
      position = end;
    }
  }
  return parts.join('');
}
