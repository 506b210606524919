import { RowError, type StoredRow, type TableShape } from '@todo/migrator/rows';

import type { Check, Finding } from '../../check.ts';
import { type CodeForeignKey, qualified, quoted, spelled, subjectOf } from '../../code-tables.ts';
import { literal } from '../../sql-text.ts';
import { onEachTable, type Trial, unlessRowError } from './each-table.ts';
import { conditionOf } from './locate.ts';
import { type Answer, describeAnswer, type Probe, tryOut } from './probes.ts';

export const cascade: Check = {
  id: 'behave/cascade',
  title: 'Deleting a row does to those that refer to it what the foreign key says, and nothing to others',
  method:
    'For each foreign key two parents with a row each, one deleted, both rows looked at; then all is rolled back.',
  why: 'Rows without a parent are nobody’s to see or to delete; those of another parent must never go.',
  remedy: 'pnpm verify --only schema   # schema/fk-definition has the statements',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: (context) => onEachTable(context, tryKeys),
};

async function tryKeys(trial: Trial): Promise<Finding[]> {
  const attempts: { key: CodeForeignKey; probe: Probe }[] = [];
  for (const key of trial.table.foreignKeys) {
    const probe = await prepare(trial, key);
    if (probe !== undefined) attempts.push({ key, probe });
  }
  const answers = await tryOut(
    trial.session,
    attempts.map(({ probe }) => probe),
  );
  return attempts.flatMap(({ key }, index) =>
    isHeldByOthers(trial, key, answers[index]) ? [] : judge(trial.table, key, answers[index]),
  );
}

/** A row that goes or changes with its parent may be referred to itself, by a key of the code that does not let it. */
function isHeldByOthers({ live }: Trial, { name }: CodeForeignKey, answer: Answer | undefined): boolean {
  if (answer?.kind !== 'refused' || !REFUSALS.has(answer.code) || answer.constraint === name) return false;
  return live.tables.some(({ foreignKeys }) =>
    foreignKeys.some((key) => key.name === answer.constraint && FATES[key.onDelete] === undefined),
  );
}

/** Undefined where two such rows cannot be made. */
async function prepare({ table, maker, live }: Trial, key: CodeForeignKey): Promise<Probe | undefined> {
  const { references } = key;
  const parent = live.shapes.find(({ schema, name }) => schema === references.schema && name === references.name);
  if (parent === undefined) return undefined;
  const parents: StoredRow[] = [];
  const children: StoredRow[] = [];
  for (let count = 0; count < 2; count += 1) {
    const made = await unlessRowError(maker.insert(parent));
    if (made instanceof RowError) return undefined;
    const given = Object.fromEntries(
      key.columns.map((column, index) => [column, made[references.columns[index] ?? ''] ?? null]),
    );
    const child = await unlessRowError(maker.insert(table.shape, { given }));
    if (child instanceof RowError) return undefined;
    parents.push(made);
    children.push(child);
  }
  const [leaver] = parents;
  if (leaver === undefined) return undefined;
  return [
    `delete from ${qualified(parent)} where ${conditionOf(parent, leaver)}`,
    `select concat_ws('; ', ${children.map((child) => fateOf(table.shape, child, children, key)).join(', ')})`,
  ];
}

/** What has become of a row: `gone`, `kept`, `null` or `default`. */
function fateOf(
  shape: TableShape,
  row: StoredRow,
  rows: readonly StoredRow[],
  { columns, onDelete }: CodeForeignKey,
): string {
  const where = conditionOf(shape, row, columns);
  const refersAs = (other: StoredRow) =>
    `coalesce(${columns.map((name) => `${quoted(name)}::text = ${literal(other[name] ?? null)}`).join(' and ')}, false)`;
  const isKept = refersAs(row);
  const isNull = `(${columns.map((name) => `${quoted(name)} is null`).join(' or ')})`;
  const isAnother = rows.filter((other) => other !== row).map(refersAs);
  // Without a primary key another row may differ in nothing else: it has to be what the key makes of this one.
  const mayBe: Readonly<Record<string, string>> = {
    'set null': `(${isKept} or ${isNull})`,
    'set default': `(${[isKept, ...isAnother.map((other) => `not ${other}`)].join(' or ')})`,
  };
  const action = onDelete === 'set default' && !hasDefault(shape, columns) ? 'set null' : onDelete;
  const isIt = shape.primaryKey.length > 0 ? 'true' : (mayBe[action] ?? isKept);
  return `coalesce((select case when ${isKept} then 'kept' when ${isNull} then 'null' else 'default' end
    from ${qualified(shape)} where ${where} and ${isIt} order by ${isKept} desc limit 1), 'gone')`;
}

/** What the rows of the deleted parent, and of the other one, must have become. */
const FATES: Readonly<Record<string, string>> = {
  cascade: 'gone; kept',
  'set null': 'null; kept',
  'set default': 'default; kept',
};

function judge(table: Trial['table'], key: CodeForeignKey, answer: Answer | undefined): Finding[] {
  const { onDelete } = key;
  const want =
    onDelete === 'set default' && !hasDefault(table.shape, key.columns) ? FATES['set null'] : FATES[onDelete];
  const isRefused =
    answer?.kind === 'refused' && REFUSALS.has(answer.code) && (answer.constraint === key.name || want === undefined);
  if (want === undefined ? isRefused : answer?.kind === 'taken' && answer.text === want) return [];
  // A row that keeps the default needs a parent of that key.
  if (onDelete === 'set default' && answer?.kind === 'refused' && answer.code === '23503') return [];
  const name = spelled(table);
  return [
    {
      have:
        answer?.kind === 'taken'
          ? `deleting a row of ${spelled(key.references)}: ${inWords(answer.text, name)}`
          : `deleting a row of ${spelled(key.references)} to which ${name} refers is ${describeAnswer(answer)}`,
      want: want === undefined ? `refused with 23503 by ${key.name}` : inWords(want, name),
      fix: `pnpm verify --only schema   # ${key.name} must be there, ON DELETE ${onDelete.toUpperCase()}`,
      about: subjectOf(table, key.name),
      follows: ['schema/fk-missing', 'schema/fk-definition', 'schema/*'],
    },
  ];
}

/** Without one, a column's default is null. */
function hasDefault(shape: TableShape, columns: readonly string[]): boolean {
  return shape.columns.some((column) => columns.includes(column.name) && column.default !== undefined);
}

/** A foreign key's; since PostgreSQL 18 that of RESTRICT has a code of its own. */
const REFUSALS = new Set(['23503', '23001']);

function inWords(fates: string | null, table: string): string {
  const [own = '', others = ''] = (fates ?? '').split('; ');
  return `its row of ${table} ${WORDS[own] ?? own}, that of another ${WORDS[others] ?? others}`;
}

const WORDS: Readonly<Record<string, string>> = {
  gone: 'is deleted',
  kept: 'stays as it is',
  null: 'refers to nothing',
  default: 'refers to the default',
};
