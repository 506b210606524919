import { NOT_NULL_VIOLATION } from '@todo/migrator/rows';

import type { Check, Finding } from '../../check.ts';
import { isNotNull, qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { insertSql } from '../../sql-text.ts';
import { onEachTable, type Trial } from './each-table.ts';
import { describeResult, runEach } from './probes.ts';

export const notNull: Check = {
  id: 'behave/not-null',
  title: 'Each NOT NULL column refuses null, and the error names the column',
  method: 'Inserts a row with null in each NOT NULL column, in a transaction that is rolled back.',
  why: 'The code reads a null that its types exclude.',
  remedy: 'Make the column NOT NULL: `pnpm verify --only schema` prints the SQL.',
  mode: 'rolls-back',
  run: (context) => onEachTable(context, testNulls),
};

async function testNulls({ table, values, session }: Trial): Promise<Finding[]> {
  const required = Object.values(table.columns).filter((column) => isNotNull(table, column));
  const requiredNames = new Set(required.map(({ name }) => name));
  const columns = table.shape.columns.filter(({ name, isGenerated }) => requiredNames.has(name) && !isGenerated);
  const attempts = columns.map((column) => ({
    column,
    probe: [insertSql(qualifiedName(table), { ...values, [column.name]: null })],
  }));
  return await runEach(session, attempts, ({ column: { name, type, baseType } }, result) => {
    // The error of a NOT NULL domain does not name the column.
    const isNamed = result.kind === 'refused' && (result.column === name || type !== baseType);
    if (result.kind === 'refused' && result.code === NOT_NULL_VIOLATION && isNamed) return [];
    return [
      {
        have: `null in ${displayName(table)}.${name} is ${describeResult(result)}`,
        want: `refused with 23502 (not_null_violation) for ${name}`,
        about: subjectOf(table, name),
        follows: ['schema/column-nullability', 'schema/primary-key', 'schema/trigger-rule'],
      },
    ];
  });
}
