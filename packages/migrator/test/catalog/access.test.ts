/** Tests privileges and objects on PostgreSQL: each kind of difference is found, and ended if SQL can. */
import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, expect, test } from 'vitest';

import { compareCatalogs, describeDifference, readCatalog, reconcile } from '../../src/catalog/index.ts';
import { connectSession } from '@todo/client/session';

const branch = await testBranch();
const session = await connectSession(branch.url);
afterAll(() => session.close());
const read = () => readCatalog(session);
const wanted = await read();

const emptyFunction = `create function f() returns trigger language plpgsql as 'begin return new; end'`;

test.each<[what: string, sql: string[], finds: string[], undo?: string[]]>([
  [
    'a table that everybody may read',
    ['grant select on task to public'],
    ['access task.task: others is PUBLIC SELECT, wanted none'],
  ],
  [
    'a column, a sequence',
    ['grant select (email) on "group" to public', 'grant usage on group_id_seq to public'],
    ['access group.group: others is PUBLIC SELECT (email), PUBLIC USAGE on group_id_seq, wanted none'],
  ],
  [
    'a right that the owner gave up',
    ['revoke delete on task from current_user'],
    [
      'access task.task: list of privileges that this role lacks is DELETE, wanted none',
      'access task.task: list of privileges that the owner lacks is DELETE, wanted none',
    ],
    ['grant delete on task to current_user'],
  ],
  [
    'a schema in which everybody makes tables',
    ['grant create on schema public to public'],
    ['access schema public: others is PUBLIC CREATE, wanted none'],
  ],
  [
    'rights on objects that are created later',
    ['alter default privileges grant select on tables to public'],
    ['access new objects: others is PUBLIC SELECT on tables of the migrator, wanted none'],
    ['alter default privileges revoke select on tables from public'],
  ],
  [
    'rights on sequences that are created later',
    ['alter default privileges in schema public grant usage on sequences to public'],
    ['access new objects: others is PUBLIC USAGE on sequences of the migrator, wanted none'],
    ['alter default privileges in schema public revoke usage on sequences from public'],
  ],
  [
    'a migrations table that its owner may not read',
    ['revoke select on drizzle.__drizzle_migrations from current_user'],
    ['access migrations table: list of privileges that the owner lacks is SELECT, wanted none'],
    ['grant select on drizzle.__drizzle_migrations to current_user'],
  ],
  [
    'a migrations table that forgets',
    ['create rule forget as on insert to drizzle.__drizzle_migrations do instead nothing'],
    ['rule forget: not wanted, is CREATE RULE forget AS ON INSERT TO drizzle.__drizzle_migrations DO INSTEAD NOTHING;'],
  ],
  [
    'a sequence that counts for a column and belongs to none',
    ['alter sequence task_id_seq owned by none', 'grant usage on task_id_seq to public'],
    [
      'sequence task.task_id_seq: owning column is none, wanted task.id',
      'access task.task: others is PUBLIC USAGE on task_id_seq, wanted none',
    ],
  ],
  [
    'how the planner is helped',
    ['alter table task alter title set statistics 500, cluster on idx_task_group_id'],
    ['storage task.task: tuning is clustered by public.idx_task_group_id, title statistics 500, wanted none'],
    ['alter table task alter title set statistics -1, set without cluster'],
  ],
  [
    'row security',
    ['alter table task enable row level security, force row level security'],
    ['row security task.task: state is enabled, also for the owner, wanted disabled'],
  ],
  [
    'a policy',
    ['create policy mine on task using (is_done)'],
    ['policy task.mine: not wanted, is PERMISSIVE FOR ALL TO PUBLIC USING (is_done)'],
  ],
  [
    'a trigger and its function',
    [emptyFunction, 'create trigger t before insert on task for each row execute function f()'],
    [
      'function f(): not wanted, is FUNCTION public.f() RETURNS trigger',
      'trigger task.t: not wanted, is CREATE TRIGGER t BEFORE INSERT ON public.task FOR EACH ROW EXECUTE FUNCTION public.f()',
    ],
    ['drop trigger t on task', 'drop function f()'],
  ],
  [
    'a rule',
    ['create rule r as on delete to task do instead nothing'],
    ['rule task.r: not wanted, is CREATE RULE r AS ON DELETE TO public.task DO INSTEAD NOTHING;'],
  ],
  [
    'how columns are stored',
    ['alter table task alter description set storage external'],
    ['storage task.task: columns is description storage external, wanted none'],
    ['alter table task alter description set storage extended'],
  ],
  ['a type', [`create type mood as enum ('ok')`], [`type mood: not wanted, is ENUM ('ok')`]],
  [
    'a publication',
    ['create publication everything for table task'],
    ['object publication everything: not wanted, is publication of public.task'],
  ],
  [
    'a foreign key from another schema',
    ['create schema aside', 'create table aside.log (group_id integer references "group" (id))'],
    ['object foreign key aside.log log_group_id_fkey: not wanted, is foreign key'],
    ['drop schema aside cascade'],
  ],
])('a change of privileges or objects is found and ended: %s', async (_, sql, finds, undo) => {
  for (const statement of sql) await session.query(statement);
  const found = compareCatalogs(await read(), wanted);
  expect(found.map(describeDifference)).toEqual(finds);
  const remedy = undo ?? found.flatMap((difference) => reconcile(difference, wanted));
  for (const statement of remedy) await session.query(statement);
  expect(compareCatalogs(await read(), wanted)).toEqual([]);
});

test('an operator class or family gets no DROP statement, unlike an operator', () => {
  const statements = ['operator class ours', 'operator family ours', 'operator ===(integer,integer)'].map((name) =>
    reconcile({ kind: 'object', schema: 'public', table: '', name, change: 'extra' }, wanted),
  );
  expect(statements).toEqual([[], [], ['DROP OPERATOR ===(integer,integer)']]);
});
