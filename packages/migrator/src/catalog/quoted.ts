/** Writes and reads SQL text: names, literals and lists. */
import type { Difference } from './difference.ts';

/** Any name as an SQL identifier. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A name with its schema. `public` is written without quotes. */
export const qualifiedName = (schema: string, ...names: string[]): string =>
  [schema === 'public' ? schema : quoted(schema), ...names.map(quoted)].join('.');

export const alterTable = (schema: string, table: string): string => `ALTER TABLE ${qualifiedName(schema, table)}`;

/** The name for messages, without the schema if that is `public`. An empty name is left out. */
export const displayName = (schema: string, ...names: string[]): string =>
  [schema === 'public' ? '' : schema, ...names].filter((name) => name !== '').join('.');

/** A text as a literal, for sessions with `standard_conforming_strings`, the default. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** SQL for a role of a fact. The migrator is CURRENT_USER, because the role that runs the migrations runs this SQL as well. */
export function roleSql(name: string): string {
  if (name === 'PUBLIC') return name;
  return name === 'the migrator' ? 'CURRENT_USER' : quoted(name);
}

/** The items of a list as facts contain it: separated by commas, without commas in the items, or `none`. */
export const listOf = (list: string): string[] => (list === 'none' ? [] : list.split(', '));

/** Compares two such lists: the items that only one of them has. */
export function compareLists({ have = '', want = '' }: Difference): Record<'removed' | 'added', string[]> {
  const [haveItems, wantItems] = [listOf(have), listOf(want)];
  return {
    removed: haveItems.filter((item) => !wantItems.includes(item)),
    added: wantItems.filter((item) => !haveItems.includes(item)),
  };
}

/** The items of a list that PostgreSQL printed: splits it at the commas outside quotes and parentheses. */
export function splitList(list: string): string[] {
  if (list === 'none' || list === '') return [];
  // A token is a string, a quoted name or one character.
  const tokens = list.match(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\s\S]/g) ?? [];
  const items = [''];
  let depth = 0;
  for (const token of tokens) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (token === ',' && depth === 0) items.push('');
    else items[items.length - 1] += token;
  }
  return items.map((item) => item.trim());
}

/** A regular expression for a name as PostgreSQL prints it, with or without quotes. */
export function namePattern(name: string): string {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return `(?:${escaped}|"${escaped.replaceAll('"', '""')}")`;
}

/** Whether SQL that PostgreSQL printed contains the qualified name of an object, and not only a longer name around it. */
export function namesObject(sql: string, schema: string, name: string): boolean {
  return new RegExp(String.raw`(?<![\w"$])${namePattern(schema)}\.${namePattern(name)}(?![\w"$])`).test(sql);
}

/** Whether SQL that PostgreSQL printed contains the name of a column, with or without a qualifier. */
export function namesColumn(sql: string, column: string): boolean {
  return new RegExp(String.raw`(?<![\w$'"])${namePattern(column)}(?![\w$'"])`).test(sql);
}
