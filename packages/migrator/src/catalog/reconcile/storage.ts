/**
 * Returns the SQL for differences of comments, and of storage and tuning of tables. The attributes `columns` and `tuning` list items:
 * `<column> storage main`, `<column> compression lz4`, `<column> statistics 500`, `<column> n_distinct=5`, `clustered by <index>`.
 */
import type { Difference } from '../difference.ts';
import type { ReconcileInput } from './reconcile-input.ts';
import { alterTable, compareLists, literal, qualifiedName, quoted } from '../quoted.ts';
import { type Step, step } from './statement.ts';
import { optionStatements } from './table.ts';

export function storageSteps(difference: Difference, input: ReconcileInput): Step[] {
  return alterStorageStatements(difference, input).map((sql) => step('properties', sql));
}

function alterStorageStatements(difference: Difference, input: ReconcileInput): string[] {
  const { schema, table, attribute, have = '', want = '' } = difference;
  const alter = alterTable(schema, table);
  const { removed, added } = compareLists(difference);
  switch (attribute) {
    case 'tablespace':
      return [`${alter} SET TABLESPACE ${want === 'default' ? 'pg_default' : quoted(want)}`];
    case 'toastOptions':
      return optionStatements(alter, toToastOptions(have), toToastOptions(want));
    case 'columns':
    case 'tuning':
      return [
        ...removed
          .filter((item) => !isReplaced(item, added))
          .flatMap((item) => resetItemStatements(item, difference, input)),
        ...added.flatMap((item) => setItemStatements(item, difference, input)),
      ];
    default:
      return [];
  }
}

/** Prefixes each option: ALTER TABLE names an option of the TOAST table `toast.fillfactor`. */
const toToastOptions = (options: string): string =>
  options === 'none' ? options : options.replaceAll(/(^|, )/g, '$1toast.');

/** Whether an added item replaces the item: `title storage external` and `title storage main` set the same parameter. */
function isReplaced(item: string, added: readonly string[]): boolean {
  return added.some((other) => parameterOf(other) === parameterOf(item));
}

const parameterOf = (item: string): string => item.slice(0, item.lastIndexOf(' '));

/** Splits an item into column and setting. The longest column that matches is right: a name may contain spaces. Empty if none matches. */
function parseItem(
  item: string,
  { schema, table }: Difference,
  { want }: ReconcileInput,
): [column: string, setting: string] {
  const names = want.ofTable(schema, table, 'column').map(({ name }) => name);
  const column = names.filter((name) => item.startsWith(`${name} `)).toSorted((a, b) => b.length - a.length)[0] ?? '';
  return [column, item.slice(column.length + 1)];
}

/** Sets the parameter of a removed item to its default. */
function resetItemStatements(item: string, difference: Difference, input: ReconcileInput): string[] {
  const { schema, table } = difference;
  if (item.startsWith('clustered by ')) return [`${alterTable(schema, table)} SET WITHOUT CLUSTER`];
  const [column, setting] = parseItem(item, difference, input);
  // The whole column is removed.
  if (column === '') return [];
  const alterColumn = `${alterTable(schema, table)} ALTER COLUMN ${quoted(column)}`;
  if (setting.startsWith('statistics')) return [`${alterColumn} SET STATISTICS -1`];
  if (setting.startsWith('compression')) return [`${alterColumn} SET COMPRESSION DEFAULT`];
  if (setting.startsWith('storage')) {
    const { type = '' } = input.want.find({ kind: 'column', schema, table, name: column })?.attributes ?? {};
    return [`${alterColumn} SET STORAGE ${defaultStorageOf(type)}`];
  }
  const options = setting.split(' ').map((option) => option.split('=')[0]);
  return [`${alterColumn} RESET (${options.join(', ')})`];
}

/** The default storage of the type, because SET STORAGE DEFAULT needs PostgreSQL 16. */
function defaultStorageOf(type: string): string {
  // `[^[]*$`: an array is EXTENDED, whatever the type of its elements.
  if (/^(numeric|inet|cidr)\b[^[]*$/.test(type)) return 'MAIN';
  const isPlain = /^(smallint|integer|bigint|real|double|boolean|date|time|uuid|interval)\b[^[]*$/.test(type);
  return isPlain ? 'PLAIN' : 'EXTENDED';
}

/** Sets the parameter of an added item. */
function setItemStatements(item: string, difference: Difference, input: ReconcileInput): string[] {
  const { schema, table } = difference;
  // The index without its schema, which CLUSTER ON refuses.
  const [, index] = /^clustered by .*?([^.]+|"(?:[^"]|"")*")$/s.exec(item) ?? [];
  if (index !== undefined) return [`${alterTable(schema, table)} CLUSTER ON ${index}`];
  const [column, setting] = parseItem(item, difference, input);
  if (column === '') return [];
  const alterColumn = `${alterTable(schema, table)} ALTER COLUMN ${quoted(column)}`;
  const [, keyword, value] = /^(statistics|storage|compression) (.+)$/s.exec(setting) ?? [];
  return keyword === undefined
    ? [`${alterColumn} SET (${setting.split(' ').join(', ')})`]
    : [`${alterColumn} SET ${keyword.toUpperCase()} ${value}`];
}

/** Writes the comment of the column, or of the table or view if the name is empty. */
export function commentSteps({ schema, table, name, want = '' }: Difference, input: ReconcileInput): Step[] {
  const kind = input.want.table(schema, table)?.attributes['kind'] ?? 'table';
  const object =
    name === ''
      ? `${kind.replace('partitioned ', '').toUpperCase()} ${qualifiedName(schema, table)}`
      : `COLUMN ${qualifiedName(schema, table, name)}`;
  return [step('properties', `COMMENT ON ${object} IS ${literal(want)}`)];
}
