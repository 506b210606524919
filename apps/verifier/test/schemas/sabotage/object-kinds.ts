/** Sabotages of sequences, types, views, row security, privileges, triggers and rules, and the migrations table. */
import type { Random } from '../random.ts';
import type { Live, LiveTable } from './live.ts';
import { byOwner, bySuperuser, type Kind, type Sabotage, STRANGER } from './sabotage.ts';
import { anySchema } from './table-kinds.ts';

type One<K extends keyof Live> = Live[K] extends readonly (infer E)[] ? E : never;

const on =
  <K extends 'tables' | 'views' | 'enums' | 'sequences' | 'schemas'>(
    key: K,
    make: (object: One<K>, random: Random, live: Live) => Sabotage,
    isOf: (object: One<K>) => boolean = () => true,
  ): Kind =>
  (live, random) => {
    const objects = live[key] as One<K>[];
    const object = random.pick(objects.filter(isOf));
    return object && make(object, random, live);
  };

const label = (text = '') => `'${text.replaceAll(`'`, `''`)}'`;

export const SEQUENCE_KINDS: readonly Kind[] = [
  on('sequences', ({ name, increment }) =>
    byOwner(`count otherwise by ${name}`, `alter sequence ${name} increment by ${increment + 7}`, 'schema/sequence'),
  ),
  on('sequences', ({ name }) =>
    byOwner(`remember more of ${name}`, `alter sequence ${name} cache 77`, 'schema/sequence'),
  ),
  on(
    'sequences',
    ({ name }) =>
      byOwner(
        `take ${name} from its column`,
        `alter sequence ${name} owned by none`,
        'schema/sequence',
        'schema/extra-object',
      ),
    ({ owner, isIdentity }) => owner !== null && !isIdentity,
  ),
  on(
    'sequences',
    ({ name }) => byOwner(`drop sequence ${name}`, `drop sequence ${name} cascade`, 'schema/sequence'),
    ({ owner }) => owner === null,
  ),
  on('sequences', ({ name }) =>
    byOwner(`rename sequence ${name}`, `alter sequence ${name} rename to ${STRANGER}`, 'schema/sequence'),
  ),
  (live, random) =>
    byOwner(
      'add a sequence',
      `create sequence ${anySchema(live, random)}.${STRANGER}`,
      'schema/extra-object',
      'schema/sequence',
    ),
  on(
    'sequences',
    ({ name }) => {
      const quoted = `'${name.replaceAll(`'`, `''`)}'`;
      const reset = `select setval(${quoted}, seqmin, false) from pg_sequence where seqrelid = ${quoted}::regclass`;
      return byOwner(`set ${name} behind`, reset, 'data/sequence');
    },
    ({ isUsed, increment }) => isUsed && increment > 0,
  ),
];

export const ENUM_KINDS: readonly Kind[] = [
  on('enums', ({ name }) =>
    byOwner(`add a label to ${name}`, `alter type ${name} add value '${STRANGER}'`, 'schema/enum'),
  ),
  on('enums', ({ name, labels }, random) => {
    const old = random.pick(labels);
    return byOwner(
      `rename a label of ${name}`,
      `alter type ${name} rename value ${label(old)} to '${STRANGER}'`,
      'schema/enum',
    );
  }),
  on('enums', ({ name }) =>
    byOwner(`rename type ${name}`, `alter type ${name} rename to ${STRANGER}`, 'schema/enum', 'schema/column-type'),
  ),
  (live, random) =>
    byOwner(
      'add a type',
      `create type ${anySchema(live, random)}.${STRANGER} as enum ('a')`,
      'schema/enum',
      'schema/extra-object',
    ),
  (live, random) =>
    byOwner('add a domain', `create domain ${anySchema(live, random)}.${STRANGER} as text`, 'schema/extra-object'),
];

const isOrdinary = ({ isMaterialized }: One<'views'>) => !isMaterialized;
const kindOf = ({ isMaterialized }: One<'views'>) => (isMaterialized ? 'materialized view' : 'view');

export const VIEW_KINDS: readonly Kind[] = [
  on('views', (view) => byOwner(`drop view ${view.name}`, `drop ${kindOf(view)} ${view.name} cascade`, 'schema/view')),
  on('views', (view) =>
    byOwner(`rename view ${view.name}`, `alter ${kindOf(view)} ${view.name} rename to ${STRANGER}`, 'schema/view'),
  ),
  on(
    'views',
    ({ name, definition }) =>
      byOwner(`change view ${name}`, `create or replace view ${name} as ${definition} limit 1`, 'schema/view'),
    isOrdinary,
  ),
  on(
    'views',
    ({ name, definition }) =>
      byOwner(
        `change materialized view ${name}`,
        [`drop materialized view ${name}`, `create materialized view ${name} as ${definition} limit 1`],
        'schema/view',
      ),
    ({ isMaterialized }) => isMaterialized,
  ),
  on(
    'views',
    ({ name }) =>
      byOwner(
        `change an option of view ${name}`,
        `alter view ${name} set (security_barrier = true, security_invoker = true)`,
        'schema/view',
        'schema/table-options',
      ),
    isOrdinary,
  ),
  (live, random) =>
    byOwner(
      'add a view',
      `create view ${anySchema(live, random)}.${STRANGER} as select 1 as one`,
      'schema/view',
      'schema/extra-object',
    ),
];

export const SECURITY_KINDS: readonly Kind[] = [
  on('tables', ({ name, isRlsEnabled }) =>
    byOwner(
      `turn row security of ${name} ${isRlsEnabled ? 'off' : 'on'}`,
      `alter table ${name} ${isRlsEnabled ? 'disable' : 'enable'} row level security`,
      'schema/rls',
    ),
  ),
  on('tables', ({ name }) =>
    byOwner(`force row security of ${name}`, `alter table ${name} force row level security`, 'schema/rls'),
  ),
  on('tables', ({ name }) =>
    byOwner(`add a policy to ${name}`, `create policy ${STRANGER} on ${name} using (true)`, 'schema/rls'),
  ),
  onPolicy((table, { name }) =>
    byOwner(`drop policy ${name} of ${table.name}`, `drop policy ${name} on ${table.name}`, 'schema/rls'),
  ),
  onPolicy((table, { name, isForAll }) =>
    byOwner(
      `change the roles of policy ${name} of ${table.name}`,
      `alter policy ${name} on ${table.name} to ${isForAll ? 'current_user' : 'public'}`,
      'schema/rls',
    ),
  ),
  onPolicy((table, { name, command }) =>
    byOwner(
      `change the condition of policy ${name} of ${table.name}`,
      `alter policy ${name} on ${table.name} ${command === 'a' ? 'with check' : 'using'} (1 = 2)`,
      'schema/rls',
    ),
  ),
  onPolicy((table, { name }) =>
    byOwner(
      `rename policy ${name} of ${table.name}`,
      `alter policy ${name} on ${table.name} rename to ${STRANGER}`,
      'schema/rls',
    ),
  ),
];

function onPolicy(make: (table: LiveTable, policy: LiveTable['policies'][number]) => Sabotage): Kind {
  return ({ tables }, random) => {
    const chosen = random.pick(tables.flatMap((table) => table.policies.map((policy) => ({ table, policy }))));
    return chosen && make(chosen.table, chosen.policy);
  };
}

export const RIGHT_KINDS: readonly Kind[] = [
  on('tables', ({ name }, random) => {
    const right = random.pick(['select', 'insert', 'update', 'delete', 'truncate']);
    return byOwner(
      `grant ${right} on ${name} to everybody`,
      `grant ${right} on ${name} to public`,
      'schema/privileges',
    );
  }),
  on('tables', ({ name, columns: [first] }) =>
    byOwner(
      `grant a column of ${name} to everybody`,
      `grant select (${first?.name}) on ${name} to public`,
      'schema/privileges',
    ),
  ),
  on('tables', ({ name }) =>
    byOwner(`revoke rights on ${name}`, `revoke insert on ${name} from current_user`, 'schema/privileges'),
  ),
  on('sequences', ({ name }) =>
    byOwner(`grant ${name} to everybody`, `grant usage on sequence ${name} to public`, 'schema/privileges'),
  ),
  on('views', ({ name }) =>
    byOwner(`grant view ${name} to everybody`, `grant select on ${name} to public`, 'schema/privileges'),
  ),
  (live, random) => {
    const schema = anySchema(live, random);
    return byOwner(
      `let everybody create in ${schema}`,
      `grant create on schema ${schema} to public`,
      'schema/privileges',
    );
  },
  () =>
    byOwner(
      'grant tables to come to everybody',
      'alter default privileges grant select on tables to public',
      'schema/privileges',
    ),
];

const triggerFunction = (schema: string) =>
  `create function ${schema}.${STRANGER}() returns trigger language plpgsql as 'begin return new; end'`;

export const CODE_KINDS: readonly Kind[] = [
  on('tables', ({ name, schema }) =>
    byOwner(
      `add a trigger to ${name}`,
      [
        triggerFunction(schema),
        `create trigger ${STRANGER} before insert on ${name} for each row execute function ${schema}.${STRANGER}()`,
      ],
      'schema/trigger-rule',
    ),
  ),
  on('tables', ({ name }) =>
    byOwner(
      `add a rule to ${name}`,
      `create rule ${STRANGER} as on delete to ${name} do also notify ${STRANGER}`,
      'schema/trigger-rule',
    ),
  ),
  (live, random) =>
    byOwner(
      'add a function',
      `create function ${anySchema(live, random)}.${STRANGER}() returns integer language sql as 'select 1'`,
      'schema/function',
      'schema/extra-object',
    ),
  () => bySuperuser('add a publication', `create publication ${STRANGER}`, 'schema/extra-object'),
  on('tables', ({ name }) =>
    bySuperuser(`publish ${name}`, `create publication ${STRANGER} for table ${name}`, 'schema/extra-object'),
  ),
];

const OF_A_SCHEMA = [
  'schema/schema',
  'schema/table-missing',
  'schema/enum',
  'schema/sequence',
  'schema/view',
  'schema/extra-object',
] as const;

export const SCHEMA_KINDS: readonly Kind[] = [
  on('schemas', (name) => byOwner(`drop schema ${name}`, `drop schema ${name} cascade`, ...OF_A_SCHEMA)),
  on('schemas', (name) =>
    byOwner(`rename schema ${name}`, `alter schema ${name} rename to ${STRANGER}`, ...OF_A_SCHEMA),
  ),
];

export const RECORD_KINDS: readonly Kind[] = [
  () =>
    byOwner(
      'forget the last migration',
      'delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)',
      'migrate/pending',
    ),
  () => byOwner('record another hash', `update drizzle.__drizzle_migrations set hash = 'saboteur'`, 'migrate/modified'),
  () =>
    byOwner(
      'record an unknown migration',
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('saboteur', 1)`,
      'migrate/history',
    ),
  () => byOwner('drop the record of migrations', 'drop table drizzle.__drizzle_migrations', 'migrate/table-present'),
];
