/** Sabotages of indexes and constraints. */
import type { Random } from '../random.ts';
import type { LiveConstraint, LiveIndex, LiveTable } from './live.ts';
import { byOwner, bySuperuser, type Kind, type Sabotage, STRANGER } from './sabotage.ts';

const onIndex =
  (
    make: (index: LiveIndex, table: LiveTable, random: Random) => Sabotage,
    isOf: (index: LiveIndex) => boolean = () => true,
  ): Kind =>
  ({ tables }, random) => {
    const candidates = tables.flatMap((table) => table.indexes.filter(isOf).map((index) => ({ index, table })));
    const chosen = random.pick(candidates);
    return chosen && make(chosen.index, chosen.table, random);
  };

export const INDEX_KINDS: readonly Kind[] = [
  onIndex(({ name }) => byOwner(`drop index ${name}`, `drop index ${name}`, 'schema/index-missing')),
  onIndex(({ name }) => byOwner(`rename index ${name}`, `alter index ${name} rename to ${STRANGER}`, 'schema/name')),
  onIndex(
    ({ name, definition }, { columns: [first] }) =>
      byOwner(
        `make index ${name} partial`,
        [`drop index ${name}`, `${definition} where ${first?.name} is not null`],
        'schema/index-definition',
      ),
    ({ isPartial }) => !isPartial,
  ),
  onIndex(
    ({ name, definition }) =>
      byOwner(
        `let duplicates into index ${name}`,
        [`drop index ${name}`, definition.replace('CREATE UNIQUE INDEX', 'CREATE INDEX')],
        'schema/index-definition',
      ),
    ({ isUnique }) => isUnique,
  ),
  onIndex(
    ({ name }) =>
      byOwner(`fill index ${name} less`, `alter index ${name} set (fillfactor = 42)`, 'schema/index-definition'),
    ({ method }) => method === 'btree' || method === 'hash',
  ),
  onIndex(({ name }) =>
    bySuperuser(
      `make index ${name} invalid`,
      `update pg_index set indisvalid = false where indexrelid = ${literal(name)}::regclass`,
      'schema/index-invalid',
    ),
  ),
  ({ tables }, random) => {
    const table = random.pick(tables);
    const column = random.pick(
      table?.columns.filter(({ type }) => /^(integer|text|uuid|boolean|timestamp)[^[]*$/.test(type)) ?? [],
    );
    if (table === undefined || column === undefined) return undefined;
    const add = `create index ${STRANGER} on ${table.name} (${column.name}, ${column.name})`;
    return byOwner(`add an index to ${table.name}`, add, 'schema/index-extra');
  },
];

function literal(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll(`'`, `''`)}'`;
}

const onConstraint =
  (
    type: string,
    make: (constraint: LiveConstraint, table: LiveTable) => Sabotage,
    isOf: (constraint: LiveConstraint) => boolean = () => true,
  ): Kind =>
  ({ tables }, random) => {
    const candidates = tables.flatMap((table) =>
      table.constraints
        .filter((constraint) => type.includes(constraint.type) && isOf(constraint))
        .map((constraint) => ({ constraint, table })),
    );
    const chosen = random.pick(candidates);
    return chosen && make(chosen.constraint, chosen.table);
  };

const drop = ({ name }: LiveConstraint, table: LiveTable) => `alter table ${table.name} drop constraint ${name}`;
const add = ({ name }: LiveConstraint, table: LiveTable, definition: string) =>
  `alter table ${table.name} add constraint ${name} ${definition}`;
const of = ({ name }: LiveConstraint, table: LiveTable) => `${name} of ${table.name}`;

function again(
  what: string,
  constraint: LiveConstraint,
  table: LiveTable,
  definition: string,
  ...ids: string[]
): Sabotage {
  return byOwner(
    `${what} ${of(constraint, table)}`,
    [drop(constraint, table), add(constraint, table, definition)],
    ...ids,
  );
}

/** Another ON DELETE action. */
function otherAction({ definition }: LiveConstraint): string {
  const bare = definition.replace(/ ON DELETE (CASCADE|RESTRICT|SET NULL|SET DEFAULT)/, '');
  return definition.includes('ON DELETE CASCADE') ? `${bare} ON DELETE RESTRICT` : `${bare} ON DELETE CASCADE`;
}

export const CONSTRAINT_KINDS: readonly Kind[] = [
  onConstraint('p', (key, table) =>
    byOwner(`drop primary key ${of(key, table)}`, `${drop(key, table)} cascade`, 'schema/primary-key'),
  ),
  onConstraint('u', (key, table) =>
    byOwner(`drop unique key ${of(key, table)}`, `${drop(key, table)} cascade`, 'schema/constraint-missing'),
  ),
  onConstraint('pufc', (constraint, table) =>
    byOwner(
      `rename constraint ${of(constraint, table)}`,
      `alter table ${table.name} rename constraint ${constraint.name} to ${STRANGER}`,
      'schema/name',
    ),
  ),
  onConstraint('f', (key, table) =>
    byOwner(`drop foreign key ${of(key, table)}`, drop(key, table), 'schema/fk-missing'),
  ),
  onConstraint('f', (key, table) =>
    again('change the action of', key, table, otherAction(key), 'schema/fk-definition'),
  ),
  onConstraint('f', (key, table) =>
    again('do not validate', key, table, `${key.definition} not valid`, 'schema/constraint-not-valid'),
  ),
  onConstraint('f', (key, table) =>
    byOwner(
      `defer foreign key ${of(key, table)}`,
      `alter table ${table.name} alter constraint ${key.name} deferrable initially deferred`,
      'schema/fk-definition',
    ),
  ),
  (live, random) =>
    live.version < 18
      ? undefined
      : onConstraint('f', (key, table) =>
          byOwner(
            `do not enforce foreign key ${of(key, table)}`,
            `alter table ${table.name} alter constraint ${key.name} not enforced`,
            'schema/constraint-not-valid',
            'schema/fk-definition',
          ),
        )(live, random),
  onConstraint('c', (check, table) =>
    byOwner(`drop check ${of(check, table)}`, drop(check, table), 'schema/constraint-missing'),
  ),
  onConstraint('c', (check, table) =>
    again(
      'loosen check',
      check,
      table,
      check.definition.replace('CHECK (', 'CHECK (true or '),
      'schema/constraint-missing',
    ),
  ),
  onConstraint('c', (check, table) =>
    again('do not validate check', check, table, `${check.definition} not valid`, 'schema/constraint-not-valid'),
  ),
  ({ tables }, random) => {
    const name = random.pick(tables)?.name;
    const check = `alter table ${name} add constraint ${STRANGER} check (true)`;
    return name === undefined ? undefined : byOwner(`add a check to ${name}`, check, 'schema/constraint-extra');
  },
  onConstraint('f', (key, table) =>
    bySuperuser(
      `disable the triggers of ${of(key, table)}`,
      `alter table ${table.name} disable trigger all`,
      'schema/fk-trigger-disabled',
    ),
  ),
  onConstraint(
    'f',
    (key, table) =>
      bySuperuser(
        `delete the rows that ${of(key, table)} refers to`,
        [
          'set session_replication_role = replica',
          `delete from ${key.references} parent where exists (select from ${table.name} child where ${key.match})`,
        ],
        'data/orphans',
      ),
    ({ match }) => match !== null,
  ),
];
