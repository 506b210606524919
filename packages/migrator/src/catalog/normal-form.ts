/** Normalizes the definitions that PostgreSQL prints, so that they are equal across its versions. */

// Strings, quoted names, white space, words, any other character.
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\s+|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|./gsu;

/** Puts SQL on one line. White space stays only in strings and quoted names. */
export function toOneLine(sql: string): string {
  return tokensOf(sql).join('').trim();
}

/** Puts a view's query on one line, without semicolon. Removes the qualifiers that only PostgreSQL 15 prints, if there is one table. */
export function normalizeViewQuery(sql: string): string {
  const tokens = tokensOf(sql.replace(/;\s*$/, ''));
  const onlyTable = findOnlyTable(tokens);
  return (onlyTable === undefined ? tokens : removeQualifier(tokens, onlyTable)).join('').trim();
}

/** Splits SQL into tokens. Any white space between tokens becomes one space. */
function tokensOf(sql: string): string[] {
  return (sql.match(TOKEN) ?? []).map((token) => (/^\s/.test(token) ? ' ' : token));
}

/** The name that qualifies the columns if the query has one FROM item; undefined if it has none or several. */
function findOnlyTable(tokens: readonly string[]): string | undefined {
  const queryTokens = topLevelTokens(tokens).filter((token) => token !== ' ');
  // The FROM of IS DISTINCT FROM is an operator.
  const fromIndex = queryTokens.findIndex((token, index) => token === 'FROM' && queryTokens[index - 1] !== 'DISTINCT');
  if (fromIndex === -1 || queryTokens.some((token) => SET_OPERATIONS.has(token))) return undefined;
  const afterFrom = queryTokens.slice(fromIndex + 1).filter((token) => !FROM_ITEM_KEYWORDS.has(token));
  const end = afterFrom.findIndex((token) => NEXT_CLAUSES.has(token));
  return aliasOf(end === -1 ? afterFrom : afterFrom.slice(0, end));
}

/** The alias of a FROM item, else its name: `a.b c`, `f( c`, `( c` or `( c(`. Undefined if tokens remain, as with several items. */
function aliasOf(fromItem: readonly string[]): string | undefined {
  const isSubquery = fromItem[0] === '(';
  let alias = isSubquery ? undefined : fromItem[0];
  let index = isSubquery ? 0 : 1;
  for (; fromItem[index] === '.'; index += 2) alias = fromItem[index + 1];
  if (fromItem[index] === '(') index += 1;
  if (index < fromItem.length && fromItem[index] !== '(') {
    alias = fromItem[index];
    index += 1;
  }
  if (fromItem[index] === '(') index += 1;
  return index === fromItem.length ? alias : undefined;
}

const SET_OPERATIONS = new Set(['UNION', 'INTERSECT', 'EXCEPT']);
const FROM_ITEM_KEYWORDS = new Set(['ONLY', 'LATERAL', 'WITH', 'ORDINALITY']);
const NEXT_CLAUSES = new Set('TABLESAMPLE WHERE GROUP HAVING WINDOW ORDER LIMIT OFFSET FETCH FOR'.split(' '));

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
  const keptTokens: string[] = [];
  // For each open parenthesis, whether a subquery is in it.
  const openParentheses: boolean[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] ?? '';
    const startsSubquery = tokens.slice(index + 1, index + 3).some((next) => next === 'SELECT' || next === 'WITH');
    if (token === '(') openParentheses.push(startsSubquery);
    if (token === ')') openParentheses.pop();
    const isTopLevel = openParentheses.length === 0;
    const isQualifier = token === table && tokens[index + 1] === '.' && precedesColumn(tokens, index, isTopLevel);
    // Also skips the dot.
    if (isQualifier && !openParentheses.includes(true)) index += 1;
    else keptTokens.push(token);
  }
  return keptTokens;
}

/** Whether the name at `index` and its dot precede a column, not a function, a type, an operator, a collation or a table. */
function precedesColumn(tokens: readonly string[], index: number, isTopLevel: boolean): boolean {
  const [column, next] = [tokens[index + 2], tokens[index + 3]];
  const before = tokens.slice(0, index).findLast((token) => token !== ' ');
  if (column === '*' || next === '(' || before === '.' || before === ':' || before === 'COLLATE') return false;
  if (before === '(' && tokens[tokens.lastIndexOf('(', index) - 1] === 'OPERATOR') return false;
  return !(isTopLevel && (before === 'FROM' || before === 'ONLY'));
}
