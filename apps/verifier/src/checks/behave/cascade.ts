import { quoted } from '@todo/migrator/catalog';
import { FOREIGN_KEY_VIOLATION, RowError, type StoredRow, type TableShape } from '@todo/migrator/rows';

import type { Check, Finding } from '../../check.ts';
import { type CodeForeignKey, qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { literal } from '../../sql-text.ts';
import { hasSameName } from '../../live-tables.ts';
import { onEachTable, type Trial, catchRowError } from './each-table.ts';
import { rowCondition } from './row-condition.ts';
import { type ProbeResult, describeResult, runEach, type Probe } from './probes.ts';

export const cascade: Check = {
  id: 'behave/cascade',
  title: 'ON DELETE acts as the foreign key says, and only on rows of the deleted parent',
  method:
    'For each foreign key, inserts two parent rows with one child row each, deletes one parent, reads both children, and rolls back.',
  why: 'Rows without a parent stay behind, or rows of another parent are lost.',
  remedy: 'Create the foreign key again, with the ON DELETE of the code: `pnpm verify --only schema` prints the SQL.',
  mode: 'rolls-back',
  run: (context) => onEachTable(context, testForeignKeys),
};

async function testForeignKeys(trial: Trial): Promise<Finding[]> {
  const attempts: { key: CodeForeignKey; probe: Probe }[] = [];
  for (const key of trial.table.foreignKeys) {
    const probe = await prepareProbe(trial, key);
    if (probe !== undefined) attempts.push({ key, probe });
  }
  return await runEach(trial.session, attempts, ({ key }, result) => toFindings(trial, key, result));
}

/** Whether the delete was refused by another foreign key, whose action is RESTRICT or NO ACTION. */
function isRefusedByOtherKey({ live }: Trial, { name }: CodeForeignKey, result: ProbeResult): boolean {
  if (result.kind !== 'refused' || !REFUSALS.has(result.code) || result.constraint === name) return false;
  return live.tables.some(({ foreignKeys }) =>
    foreignKeys.some((key) => key.name === result.constraint && EXPECTED_STATES[key.onDelete] === undefined),
  );
}

/** Inserts two parent rows with one child row each. Returns the probe that deletes the first parent; undefined if an insert is refused. */
async function prepareProbe({ table, maker, live }: Trial, key: CodeForeignKey): Promise<Probe | undefined> {
  const parent = live.shapes.find(hasSameName(key.references));
  if (parent === undefined) return undefined;
  const parents: StoredRow[] = [];
  const children: StoredRow[] = [];
  for (let count = 0; count < 2; count += 1) {
    const parentRow = await catchRowError(maker.insert(parent));
    if (parentRow instanceof RowError) return undefined;
    const parentKey = Object.fromEntries(
      key.columns.map((column, index) => [column, parentRow[key.references.columns[index] ?? ''] ?? null]),
    );
    const child = await catchRowError(maker.insert(table.shape, { given: parentKey }));
    if (child instanceof RowError) return undefined;
    parents.push(parentRow);
    children.push(child);
  }
  const [deletedParent] = parents;
  if (deletedParent === undefined) return undefined;
  return [
    `delete from ${qualifiedName(parent)} where ${rowCondition(parent, deletedParent)}`,
    `select concat_ws('; ', ${children.map((child) => rowStateSql(table.shape, child, children, key)).join(', ')})`,
  ];
}

/** SQL for the state of a child row after the delete: `gone`, `kept`, `null` or `default`. */
function rowStateSql(
  shape: TableShape,
  row: StoredRow,
  rows: readonly StoredRow[],
  { columns, onDelete }: CodeForeignKey,
): string {
  const where = rowCondition(shape, row, columns);
  const hasKeyOf = (other: StoredRow) =>
    `coalesce(${columns.map((name) => `${quoted(name)}::text = ${literal(other[name] ?? null)}`).join(' and ')}, false)`;
  const isKept = hasKeyOf(row);
  const isNull = `(${columns.map((name) => `${quoted(name)} is null`).join(' or ')})`;
  const hasKeyOfOthers = rows.filter((other) => other !== row).map(hasKeyOf);
  // Without a primary key, other rows may have the same values, so only rows that the action can leave are considered.
  const allowedAfterAction: Readonly<Record<string, string>> = {
    'set null': `(${isKept} or ${isNull})`,
    'set default': `(${[isKept, ...hasKeyOfOthers.map((hasKey) => `not ${hasKey}`)].join(' or ')})`,
  };
  const isThisRow =
    shape.primaryKey.length > 0 ? 'true' : (allowedAfterAction[actionOf(shape, { columns, onDelete })] ?? isKept);
  return `coalesce((select case when ${isKept} then 'kept' when ${isNull} then 'null' else 'default' end
    from ${qualifiedName(shape)} where ${where} and ${isThisRow} order by ${isKept} desc limit 1), 'gone')`;
}

/** By action, the states after the delete: of the deleted parent's child; of the other parent's child. RESTRICT and NO ACTION have none. */
const EXPECTED_STATES: Readonly<Record<string, string>> = {
  cascade: 'gone; kept',
  'set null': 'null; kept',
  'set default': 'default; kept',
};

function toFindings(trial: Trial, key: CodeForeignKey, result: ProbeResult): Finding[] {
  if (isRefusedByOtherKey(trial, key, result)) return [];
  const { table } = trial;
  const { onDelete } = key;
  const want = EXPECTED_STATES[actionOf(table.shape, key)];
  const isRefused =
    result.kind === 'refused' && REFUSALS.has(result.code) && (result.constraint === key.name || want === undefined);
  const isExpected = want === undefined ? isRefused : result.kind === 'accepted' && result.text === want;
  if (isExpected) return [];
  // ON DELETE SET DEFAULT is refused when no parent has the default key.
  if (onDelete === 'set default' && result.kind === 'refused' && result.code === FOREIGN_KEY_VIOLATION) return [];
  const name = displayName(table);
  return [
    {
      have:
        result.kind === 'accepted'
          ? `deleting a row of ${displayName(key.references)}: ${describeRows(result.text, name)}`
          : `deleting a row of ${displayName(key.references)} to which ${name} refers is ${describeResult(result)}`,
      want: want === undefined ? `refused by ${key.name}` : describeRows(want, name),
      fix: `Create ${key.name} with ON DELETE ${onDelete.toUpperCase()}: \`pnpm verify --only schema\` prints the SQL.`,
      about: subjectOf(table, key.name),
      follows: ['schema/fk-missing', 'schema/fk-definition', 'schema/*'],
    },
  ];
}

/** The action of a foreign key. ON DELETE SET DEFAULT sets null if no column of the key has a default. */
function actionOf(shape: TableShape, { columns, onDelete }: Pick<CodeForeignKey, 'columns' | 'onDelete'>): string {
  const hasDefault = shape.columns.some(({ name, default: value }) => columns.includes(name) && value !== undefined);
  return onDelete === 'set default' && !hasDefault ? 'set null' : onDelete;
}

/** PostgreSQL 18 uses restrict_violation for RESTRICT. */
const RESTRICT_VIOLATION = '23001';
const REFUSALS = new Set([FOREIGN_KEY_VIOLATION, RESTRICT_VIOLATION]);

/** Describes the states that `EXPECTED_STATES` and the probe write, such as `gone; kept`. */
function describeRows(states: string | null, table: string): string {
  const [deleted = '', other = ''] = (states ?? '').split('; ');
  return `its child in ${table} ${STATE_TEXTS[deleted] ?? deleted}, the child of the other parent ${STATE_TEXTS[other] ?? other}`;
}

const STATE_TEXTS: Readonly<Record<string, string>> = {
  gone: 'is deleted',
  kept: 'stays as it is',
  null: 'refers to nothing',
  default: 'refers to the default',
};
