/**
 * Text in double quotes with backslash escapes, as in JSON and in PostgreSQL's arrays. Not by a regular expression: it
 * takes stack for each escape, and a text of several megabytes fails with "Maximum call stack size exceeded".
 */

/** The index of the closing quote for the opening quote at `start`; -1 when there is none. */
export function closingQuote(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

/** A quote after an odd number of backslashes is escaped. The count ends at the opening quote at the latest. */
function isEscaped(text: string, index: number): boolean {
  let start = index;
  while (text[start - 1] === '\\') start -= 1;
  return (index - start) % 2 === 1;
}
