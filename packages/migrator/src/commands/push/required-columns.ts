/** Finds new required columns for which existing rows would have no value. */
import type { Session } from '@todo/client/session';

import type { Difference, Fact } from '../../catalog/index.ts';
import { quoted } from '../../catalog/quoted.ts';
import { type CommandFailure, refusal } from '../failure.ts';
import { formatCount } from '../output.ts';

/** @throws {CommandFailure} for the first column that the existing rows cannot fill. */
export async function requireValues(
  session: Session,
  differences: readonly Difference[],
  want: readonly Fact[],
): Promise<void> {
  for (const difference of differences) {
    if (difference.kind !== 'column') continue;
    const { schema, table, name, change, attribute } = difference;
    const isNew = change === 'missing' && isRequiredWithoutDefault(difference, want);
    const isNewlyRequired = change === 'changed' && attribute === 'nullability' && difference.want === 'not null';
    if (!isNew && !isNewlyRequired) continue;
    const { rows } = await session.query(
      `select count(*)::int as count from ${quoted(schema)}.${quoted(table)} ${isNew ? '' : `where ${quoted(name)} is null`}`,
    );
    const count = Number(rows[0]?.['count']);
    if (count > 0) throw isNew ? missingValueError(difference, count) : nullValueError(difference, count);
  }
}

function isRequiredWithoutDefault({ schema, table, name }: Difference, want: readonly Fact[]): boolean {
  const column = want.find(
    (fact) => fact.kind === 'column' && fact.schema === schema && fact.table === table && fact.name === name,
  );
  const { nullability, default: literal, generated, identity } = column?.attributes ?? {};
  return nullability === 'not null' && [literal, generated, identity].every((value) => value === 'none');
}

function missingValueError({ table, name }: Difference, count: number): CommandFailure {
  return refusal(
    `${table} has ${formatCount(count, 'row')}, and the new column ${name} must not be null and has no default.\n` +
      'Add a default in the schema; or make the column nullable, push, fill the column, make it NOT NULL, and push again; or delete the rows.',
  );
}

function nullValueError({ table, name }: Difference, count: number): CommandFailure {
  return refusal(
    `${formatCount(count, 'row')} of ${table} ${count === 1 ? 'has' : 'have'} null in ${name}, which the schema makes NOT NULL.\n` +
      `Fill the column first: update ${quoted(table)} set ${quoted(name)} = … where ${quoted(name)} is null;`,
  );
}
