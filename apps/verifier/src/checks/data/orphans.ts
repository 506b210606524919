import { quoted } from '@todo/migrator/catalog';
import { z } from 'zod';

import { type Check, type Finding, type Outcome, verdict } from '../../check.ts';
import { type CodeForeignKey, qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { hasColumn, hasSameName, type LiveTable, liveTables } from '../../live-tables.ts';
import { runVerifierSql } from '../../own-sql.ts';
import { printableId } from '../../printable-id.ts';
import { literal } from '../../sql-text.ts';

export const orphans: Check = {
  id: 'data/orphans',
  title: 'Every foreign key value has a parent row',
  method: 'Looks for up to five rows per foreign key whose parent row is missing, in one query.',
  why: 'Orphan rows belong to no parent, so nobody sees or deletes them, and the foreign key cannot be validated.',
  remedy: 'Delete the rows or set another parent; then ALTER TABLE … VALIDATE CONSTRAINT …;',
  mode: 'reads',
  run: async (context) => {
    const { tables, shapes } = await liveTables(context);
    const columnsExist = ({ columns, ...named }: Pick<CodeForeignKey['references'], 'schema' | 'name' | 'columns'>) => {
      const shape = shapes.find(hasSameName(named));
      return shape !== undefined && columns.every((column) => hasColumn({ shape }, column));
    };
    const keys = tables.flatMap((table) =>
      table.foreignKeys
        .filter(({ columns, references }) => columnsExist({ ...table, columns }) && columnsExist(references))
        .map((key) => ({ table, key })),
    );
    if (keys.length === 0) return verdict([], 'no foreign keys');
    const query = keys.map(({ table, key }, index) => queryOf(table, key, index)).join('\nunion all ');
    const { rows } = await context.read((session) => runVerifierSql(session.query(query)));
    return toOutcome(keys, z.array(Found).parse(rows));
  },
};

interface Key {
  readonly table: LiveTable;
  readonly key: CodeForeignKey;
}

const Found = z.object({ index: z.number(), isHidden: z.boolean(), ids: z.string().nullable() });

/** A query for the ids of up to five rows without a parent, or `…` for ids that cannot be printed. A key with a null refers to no row: https://www.postgresql.org/docs/current/sql-createtable.html (MATCH SIMPLE). */
function queryOf(table: LiveTable, { columns, references }: CodeForeignKey, index: number): string {
  const parent = qualifiedName(references);
  const isSet = columns.map((name) => `child.${quoted(name)} is not null`).join(' and ');
  const isEqual = columns
    .map((name, position) => `parent.${quoted(references.columns[position] ?? '')} = child.${quoted(name)}`)
    .join(' and ');
  return `select ${index} as index, row_security_active(${literal(parent)}) as "isHidden",
    (select string_agg(id, ', ') from (select ${printableId(table.shape, 'child') ?? `'…'`} as id from ${qualifiedName(table)} child
      where ${isSet} and not exists (select from ${parent} parent where ${isEqual}) order by 1 limit 5) orphan) as ids`;
}

function toOutcome(keys: readonly Key[], found: readonly z.infer<typeof Found>[]): Outcome {
  // Where row security hides parent rows, their children would look like orphans.
  const hidden = found.filter(({ isHidden }) => isHidden).flatMap(({ index }) => keys[index] ?? []);
  const names = [...new Set(hidden.map(({ key }) => displayName(key.references)))].join(', ');
  if (hidden.length === keys.length)
    return { kind: 'skip', reason: `row security hides rows of ${names} from this role` };
  const findings = found
    .filter(({ isHidden, ids }) => !isHidden && ids !== null)
    .flatMap(({ index, ids }) => toFinding(keys[index], ids ?? ''));
  return verdict(findings, hidden.length === 0 ? `${keys.length} foreign keys` : `row security hides rows of ${names}`);
}

function toFinding(foreignKey: Key | undefined, ids: string): Finding[] {
  if (foreignKey === undefined) return [];
  const { table, key } = foreignKey;
  const examples = ids.includes('…') ? '' : `, such as ${ids}`;
  return [
    {
      have: `rows of ${displayName(table)} whose parent row in ${displayName(key.references)} does not exist${examples}`,
      want: 'a parent row for each',
      fix: `Delete the rows or set another parent. Then pnpm verify --only schema prints the SQL that creates, validates or enables ${key.name}.`,
      about: subjectOf(table, key.name),
    },
  ];
}
