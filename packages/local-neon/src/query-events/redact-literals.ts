/** Removes string constants and comments from SQL: a string may be a password or an address. */

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html; `$` and E inside a name are part of it. */
const OPENING = /--|\/\*|"|(?<![\w$])[eE]'|'|(?<![\w$])\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/g;

/** Replaces every string constant by '…', also one that is cut off, and removes comments. Numbers stay. */
export function redactLiterals(text: string): string {
  let shown = '';
  let position = 0;
  for (;;) {
    OPENING.lastIndex = position;
    const found = OPENING.exec(text);
    if (!found) return shown + text.slice(position);
    const [opening] = found;
    const inside = found.index + opening.length;
    const end = endOf(opening, text, inside);
    shown += text.slice(position, found.index);
    if (opening === '"') shown += text.slice(found.index, end);
    else if (opening === '--' || opening === '/*') shown += ' ';
    else shown += "'…'";
    position = end;
  }
}

/** Matches from the inside of a token to its end. */
const REST = new Map([
  ['--', /[^\n]*\n/y],
  ['"', /(?:[^"]|"")*"/y],
  ["'", /(?:[^']|'')*'/y],
  ["e'", /(?:[^'\\]|\\[\s\S]|'')*'/y],
]);

function endOf(opening: string, text: string, inside: number): number {
  if (opening === '/*') return endOfComment(text, inside);
  const rest = REST.get(opening.toLowerCase());
  if (!rest) {
    const closing = text.indexOf(opening, inside);
    return closing < 0 ? text.length : closing + opening.length;
  }
  rest.lastIndex = inside;
  return rest.test(text) ? rest.lastIndex : text.length;
}

/** The end of a comment. PostgreSQL's comments nest. */
function endOfComment(text: string, inside: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = inside;
  for (let depth = 1; depth > 0;) {
    const found = mark.exec(text);
    if (!found) return text.length;
    depth += found[0] === '/*' ? 1 : -1;
  }
  return mark.lastIndex;
}
