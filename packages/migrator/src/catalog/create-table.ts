/** The SQL that makes a table as a catalog describes it. */
import { describeFact, type Fact } from './fact.ts';
import { alter, qualified, quoted } from './quoted.ts';

/**
 * Statements in order, without semicolons: the table with its sequences, keys, checks and indexes. Its foreign keys are left
 * out: what they refer to may have to be made as well. None for what is no plain table, a view say.
 */
export function createTable(table: string, want: readonly Fact[]): string[] {
  const own = want.filter((fact) => fact.schema === 'public' && fact.table === table);
  const of = (kind: Fact['kind']) => own.filter((fact) => fact.kind === kind);
  if (of('table')[0]?.attributes['kind'] !== 'table') return [];

  const columns = of('column').toSorted((a, b) => Number(a.attributes['position']) - Number(b.attributes['position']));
  const identities = new Set(
    columns.filter(({ attributes }) => attributes['identity'] !== 'none').map(({ name }) => name),
  );
  // An identity column makes its own.
  const sequences = of('sequence').filter(({ attributes }) => !identities.has(ownerOf(attributes['ownedBy'])));
  const constraints = of('constraint').filter(({ attributes }) => attributes['constraintType'] !== 'foreign key');
  return [
    ...sequences.map(({ name, attributes }) => `CREATE SEQUENCE ${qualified(name)} AS ${attributes['type']}`),
    `CREATE TABLE ${qualified(table)} (${columns.map((column) => `${quoted(column.name)} ${describeFact(column)}`).join(', ')})`,
    ...sequences.map(
      ({ name, attributes }) =>
        `ALTER SEQUENCE ${qualified(name)} OWNED BY ${qualified(table, ownerOf(attributes['ownedBy']))}`,
    ),
    ...constraints.map((fact) => `${alter(table)} ADD CONSTRAINT ${quoted(fact.name)} ${describeFact(fact)}`),
    ...of('index').map(describeFact),
  ];
}

/** The column of `table.column`. */
function ownerOf(ownedBy = ''): string {
  return ownedBy.slice(ownedBy.indexOf('.') + 1);
}
