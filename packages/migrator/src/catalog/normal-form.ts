/** Normalizes the definitions that PostgreSQL prints, so that they are equal across its versions. */

// Strings, quoted names, white space, words, any other character.
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\s+|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|./gsu;

/** Puts SQL on one line. White space stays only in strings and quoted names. */
export function toOneLine(sql: string): string {
  return tokensOf(sql).join('').trim();
}

/** A view's query on one line, without semicolon, and without the qualifiers that only PostgreSQL 15 prints if there is one table. */
export function normalizeViewQuery(sql: string): string {
  const tokens = tokensOf(sql.replace(/;\s*$/, ''));
  const only = findOnlyTable(tokens);
  return (only === undefined ? tokens : removeQualifier(tokens, only)).join('').trim();
}

function tokensOf(sql: string): string[] {
  return (sql.match(TOKEN) ?? []).map((token) => (/^\s/.test(token) ? ' ' : token));
}

/** The qualifier of the columns of the only FROM item; undefined if there are more. */
function findOnlyTable(tokens: readonly string[]): string | undefined {
  const words = topLevelTokens(tokens).filter((token) => token !== ' ');
  const from = words.findIndex((word, at) => word === 'FROM' && words[at - 1] !== 'DISTINCT');
  if (from === -1 || words.some((word) => SET_OPERATIONS.has(word))) return undefined;
  const source = words.slice(from + 1).filter((word) => !AROUND_SOURCE.has(word));
  const end = source.findIndex((word) => AFTER_FROM.has(word));
  return nameOf(end === -1 ? source : source.slice(0, end));
}

/** The alias of one FROM item: a table, a function, or a subquery, with or without column aliases. */
function nameOf(source: readonly string[]): string | undefined {
  let at = source[0] === '(' ? 0 : 1;
  let name = at === 0 ? undefined : source[0];
  for (; source[at] === '.'; at += 2) name = source[at + 1];
  if (source[at] === '(') at += 1;
  if (at < source.length && source[at] !== '(') {
    name = source[at];
    at += 1;
  }
  if (source[at] === '(') at += 1;
  return at === source.length ? name : undefined;
}

const SET_OPERATIONS = new Set(['UNION', 'INTERSECT', 'EXCEPT']);
const AROUND_SOURCE = new Set(['ONLY', 'LATERAL', 'WITH', 'ORDINALITY']);
const AFTER_FROM = new Set('TABLESAMPLE WHERE GROUP HAVING WINDOW ORDER LIMIT OFFSET FETCH FOR'.split(' '));

/** The tokens outside parentheses. Each pair of parentheses with its content becomes one `(`. */
function topLevelTokens(tokens: readonly string[]): string[] {
  let depth = 0;
  return tokens.filter((token) => {
    if (token === ')') depth -= 1;
    const isTop = depth === 0 && token !== ')';
    if (token === '(') depth += 1;
    return isTop;
  });
}

/** Removes the qualifier from columns, except within subqueries and before `*`, where every version prints a qualifier. */
function removeQualifier(tokens: readonly string[], table: string): string[] {
  const kept: string[] = [];
  // For each open parenthesis, whether a subquery is in it.
  const open: boolean[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (token === '(') open.push(tokens.slice(at + 1, at + 3).some((next) => next === 'SELECT' || next === 'WITH'));
    if (token === ')') open.pop();
    const isPrefix = token === table && tokens[at + 1] === '.' && isColumn(tokens, at, open.length === 0);
    if (isPrefix && !open.includes(true)) at += 1;
    else kept.push(token);
  }
  return kept;
}

/** Whether a qualifier precedes a column, not a function, a type, an operator, a collation or a table. */
function isColumn(tokens: readonly string[], at: number, isTopLevel: boolean): boolean {
  const [column, next] = [tokens[at + 2], tokens[at + 3]];
  const before = tokens.slice(0, at).findLast((token) => token !== ' ');
  if (column === '*' || next === '(' || before === '.' || before === ':' || before === 'COLLATE') return false;
  if (before === '(' && tokens[tokens.lastIndexOf('(', at) - 1] === 'OPERATOR') return false;
  return !(isTopLevel && (before === 'FROM' || before === 'ONLY'));
}
