/**
 * Finds the end of text in double quotes with backslash escapes, as in JSON and in PostgreSQL's arrays. A regular
 * expression takes stack for each escape: for several megabytes it fails with "Maximum call stack size exceeded".
 */

/** The index of the closing quote for the opening quote at `start`; -1 when there is none. */
export function closingQuote(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

/** Whether a quote is escaped: it follows an odd number of backslashes. */
function isEscaped(text: string, index: number): boolean {
  let start = index;
  while (text[start - 1] === '\\') start -= 1;
  return (index - start) % 2 === 1;
}
