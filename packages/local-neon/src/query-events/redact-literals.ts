/** Removes string constants and comments from SQL: a string may be a password or an address. */

/** The beginnings of comments, quoted names and strings. A `$` or an E inside a name begins none: https://www.postgresql.org/docs/current/sql-syntax-lexical.html */
const OPENING = /--|\/\*|"|(?<![\w$])[eE]'|'|(?<![\w$])\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/g;

/** Replaces every string constant by '…', also one that is cut off, and removes comments. Numbers stay. */
export function redactLiterals(text: string): string {
  let redacted = '';
  let position = 0;
  for (;;) {
    OPENING.lastIndex = position;
    const found = OPENING.exec(text);
    if (!found) return redacted + text.slice(position);
    const [opening] = found;
    const end = endOf(opening, text, found.index + opening.length);
    redacted += text.slice(position, found.index);
    if (opening === '"') redacted += text.slice(found.index, end);
    else if (opening === '--' || opening === '/*') redacted += ' ';
    else redacted += "'…'";
    position = end;
  }
}

/** By the opening of a token: matches from the character after the opening to the end of the token. */
const REMAINDERS = new Map([
  ['--', /[^\n]*\n/y],
  ['"', /(?:[^"]|"")*"/y],
  ["'", /(?:[^']|'')*'/y],
  ["e'", /(?:[^'\\]|\\[\s\S]|'')*'/y],
]);

/** The end of the token whose opening ends at `start`. A token that is cut off ends with the text. */
function endOf(opening: string, text: string, start: number): number {
  if (opening === '/*') return endOfComment(text, start);
  const remainder = REMAINDERS.get(opening.toLowerCase());
  if (!remainder) {
    // `$tag$` is closed by the same tag.
    const closing = text.indexOf(opening, start);
    return closing < 0 ? text.length : closing + opening.length;
  }
  remainder.lastIndex = start;
  return remainder.test(text) ? remainder.lastIndex : text.length;
}

/** The end of a comment. PostgreSQL's comments nest. */
function endOfComment(text: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  for (let depth = 1; depth > 0;) {
    const found = mark.exec(text);
    if (!found) return text.length;
    depth += found[0] === '/*' ? 1 : -1;
  }
  return mark.lastIndex;
}
