/**
 * Text in double quotes with backslash escapes, as JSON and PostgreSQL's arrays write it. Searched by hand: a regular
 * expression takes stack for each escape, and a text of several megabytes then ends in "Maximum call stack size exceeded".
 */

/** The index of the quote that closes what the quote at `start` opens; -1 when nothing does. */
export function closingQuote(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

/** Behind an odd number of backslashes. The opening quote, which is none, ends the count. */
function isEscaped(text: string, index: number): boolean {
  let start = index;
  while (text[start - 1] === '\\') start -= 1;
  return (index - start) % 2 === 1;
}
