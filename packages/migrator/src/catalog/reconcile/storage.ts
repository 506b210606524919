/** Returns the SQL for differences of storage and tuning parameters of tables, and of comments. */
import type { Difference } from '../difference.ts';
import type { ReconcileInput } from './reconcile-input.ts';
import { alterTable, listOf, literal, qualifiedName, quoted } from '../quoted.ts';
import { type Step, step } from './statement.ts';
import { optionStatements } from './table.ts';

export function storageSteps(difference: Difference, input: ReconcileInput): Step[] {
  return alterStorageStatements(difference, input).map((sql) => step('properties', sql));
}

function alterStorageStatements(difference: Difference, input: ReconcileInput): string[] {
  const { schema, table, attribute, have = '', want = '' } = difference;
  const change = alterTable(schema, table);
  const [found, wanted] = [listOf(have), listOf(want)];
  const gone = found.filter((item) => !wanted.includes(item));
  const added = wanted.filter((item) => !found.includes(item));
  switch (attribute) {
    case 'tablespace':
      return [`${change} SET TABLESPACE ${want === 'default' ? 'pg_default' : quoted(want)}`];
    case 'toastOptions':
      return optionStatements(change, toToastOptions(have), toToastOptions(want));
    case 'columns':
    case 'tuning':
      return [
        ...gone
          .filter((item) => !isReplacedBy(item, added))
          .flatMap((item) => resetItemStatements(item, difference, input)),
        ...added.flatMap((item) => setItemStatements(item, difference, input)),
      ];
    default:
      return [];
  }
}

const toToastOptions = (options: string): string =>
  options === 'none' ? options : options.replaceAll(/(^|, )/g, '$1toast.');

/** Whether an added item replaces this one: `title storage external` and `title storage main` set the same parameter. */
function isReplacedBy(item: string, added: readonly string[]): boolean {
  const subject = item.slice(0, item.lastIndexOf(' '));
  return added.some((other) => other.slice(0, other.lastIndexOf(' ')) === subject);
}

function parseItem(
  item: string,
  { schema, table }: Difference,
  { want }: ReconcileInput,
): [column: string, setting: string] {
  const names = want.ofTable(schema, table, 'column').map(({ name }) => name);
  const column = names.filter((name) => item.startsWith(`${name} `)).toSorted((a, b) => b.length - a.length)[0] ?? '';
  return [column, item.slice(column.length + 1)];
}

function resetItemStatements(item: string, difference: Difference, input: ReconcileInput): string[] {
  const { schema, table } = difference;
  if (item.startsWith('clustered by ')) return [`${alterTable(schema, table)} SET WITHOUT CLUSTER`];
  const [column, setting] = parseItem(item, difference, input);
  const change = `${alterTable(schema, table)} ALTER COLUMN ${quoted(column)}`;
  if (column === '') return [];
  if (setting.startsWith('statistics')) return [`${change} SET STATISTICS -1`];
  if (setting.startsWith('compression')) return [`${change} SET COMPRESSION DEFAULT`];
  if (!setting.startsWith('storage'))
    return [
      `${change} RESET (${setting
        .split(' ')
        .map((option) => option.split('=')[0])
        .join(', ')})`,
    ];
  const { type = '' } = input.want.find({ kind: 'column', schema, table, name: column })?.attributes ?? {};
  return [`${change} SET STORAGE ${storageOf(type)}`];
}

/** The default storage of the type, because SET STORAGE DEFAULT needs PostgreSQL 16. */
function storageOf(type: string): string {
  if (/^(numeric|inet|cidr)\b[^[]*$/.test(type)) return 'MAIN';
  const isPlain = /^(smallint|integer|bigint|real|double|boolean|date|time|uuid|interval)\b[^[]*$/.test(type);
  return isPlain ? 'PLAIN' : 'EXTENDED';
}

function setItemStatements(item: string, difference: Difference, input: ReconcileInput): string[] {
  const { schema, table } = difference;
  const [, index] = /^clustered by .*?([^.]+|"(?:[^"]|"")*")$/s.exec(item) ?? [];
  if (index !== undefined) return [`${alterTable(schema, table)} CLUSTER ON ${index}`];
  const [column, setting] = parseItem(item, difference, input);
  const change = `${alterTable(schema, table)} ALTER COLUMN ${quoted(column)}`;
  if (column === '') return [];
  const [, word, value] = /^(statistics|storage|compression) (.+)$/s.exec(setting) ?? [];
  return word === undefined
    ? [`${change} SET (${setting.split(' ').join(', ')})`]
    : [`${change} SET ${word.toUpperCase()} ${value}`];
}

export function commentSteps({ schema, table, name, want = '' }: Difference, input: ReconcileInput): Step[] {
  const kind = input.want.table(schema, table)?.attributes['kind'] ?? 'table';
  const target =
    name === ''
      ? `${kind.replace('partitioned ', '').toUpperCase()} ${qualifiedName(schema, table)}`
      : `COLUMN ${qualifiedName(schema, table, name)}`;
  return [step('properties', `COMMENT ON ${target} IS ${literal(want)}`)];
}
