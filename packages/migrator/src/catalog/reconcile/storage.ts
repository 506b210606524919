/** Storage and tuning parameters of tables, and comments. */
import type { Difference } from '../difference.ts';
import type { Goal } from './goal.ts';
import { alter, listOf, literal, qualified, quoted } from '../quoted.ts';
import { type Step, step } from './statement.ts';
import { optionSteps } from './table.ts';

export function storageSteps(difference: Difference, goal: Goal): Step[] {
  return changeStorage(difference, goal).map((sql) => step('describe', sql));
}

function changeStorage(difference: Difference, goal: Goal): string[] {
  const { schema, table, attribute, have = '', want = '' } = difference;
  const change = alter(schema, table);
  const [found, wanted] = [listOf(have), listOf(want)];
  const gone = found.filter((item) => !wanted.includes(item));
  const added = wanted.filter((item) => !found.includes(item));
  switch (attribute) {
    case 'tablespace':
      return [`${change} SET TABLESPACE ${want === 'default' ? 'pg_default' : quoted(want)}`];
    case 'toastOptions':
      return optionSteps(change, toast(have), toast(want));
    case 'columns':
    case 'tuning':
      return [
        ...gone.filter((item) => !isSetAnew(item, added)).flatMap((item) => resetItem(item, difference, goal)),
        ...added.flatMap((item) => setItem(item, difference, goal)),
      ];
    default:
      return [];
  }
}

const toast = (options: string): string => (options === 'none' ? options : options.replaceAll(/(^|, )/g, '$1toast.'));

/** Whether an added item replaces this one: `title storage external` and `title storage main` set the same parameter. */
function isSetAnew(item: string, added: readonly string[]): boolean {
  const subject = item.slice(0, item.lastIndexOf(' '));
  return added.some((other) => other.slice(0, other.lastIndexOf(' ')) === subject);
}

function parse(item: string, { schema, table }: Difference, { want }: Goal): [column: string, setting: string] {
  const names = want.ofTable(schema, table, 'column').map(({ name }) => name);
  const column = names.filter((name) => item.startsWith(`${name} `)).toSorted((a, b) => b.length - a.length)[0] ?? '';
  return [column, item.slice(column.length + 1)];
}

function resetItem(item: string, difference: Difference, goal: Goal): string[] {
  const { schema, table } = difference;
  if (item.startsWith('clustered by ')) return [`${alter(schema, table)} SET WITHOUT CLUSTER`];
  const [column, setting] = parse(item, difference, goal);
  const change = `${alter(schema, table)} ALTER COLUMN ${quoted(column)}`;
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
  const { type = '' } = goal.want.find({ kind: 'column', schema, table, name: column })?.attributes ?? {};
  return [`${change} SET STORAGE ${storageOf(type)}`];
}

/** The default storage of the type, because SET STORAGE DEFAULT needs PostgreSQL 16. */
function storageOf(type: string): string {
  if (/^(numeric|inet|cidr)\b[^[]*$/.test(type)) return 'MAIN';
  const isPlain = /^(smallint|integer|bigint|real|double|boolean|date|time|uuid|interval)\b[^[]*$/.test(type);
  return isPlain ? 'PLAIN' : 'EXTENDED';
}

function setItem(item: string, difference: Difference, goal: Goal): string[] {
  const { schema, table } = difference;
  const [, index] = /^clustered by .*?([^.]+|"(?:[^"]|"")*")$/s.exec(item) ?? [];
  if (index !== undefined) return [`${alter(schema, table)} CLUSTER ON ${index}`];
  const [column, setting] = parse(item, difference, goal);
  const change = `${alter(schema, table)} ALTER COLUMN ${quoted(column)}`;
  if (column === '') return [];
  const [, word, value] = /^(statistics|storage|compression) (.+)$/s.exec(setting) ?? [];
  return word === undefined
    ? [`${change} SET (${setting.split(' ').join(', ')})`]
    : [`${change} SET ${word.toUpperCase()} ${value}`];
}

export function commentSteps({ schema, table, name, want = '' }: Difference, goal: Goal): Step[] {
  const kind = goal.want.table(schema, table)?.attributes['kind'] ?? 'table';
  const target =
    name === ''
      ? `${kind.replace('partitioned ', '').toUpperCase()} ${qualified(schema, table)}`
      : `COLUMN ${qualified(schema, table, name)}`;
  return [step('describe', `COMMENT ON ${target} IS ${literal(want)}`)];
}
