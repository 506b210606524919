/** Sabotages of a database, one per line, each with the check that must find it. To add a sabotage, add a line. */

export interface Sabotage {
  /** The check that must find the sabotage. Other checks may find it, too. */
  readonly id: string;
  /** Statements that run one after the other in one session: the owner's, unless `as` names another role. */
  readonly sql: string | readonly string[];
  readonly as?: 'superuser';
  /** The last statement fails. The objects that it leaves behind are the sabotage. */
  readonly fails?: true;
  /** The first PostgreSQL version that can run the statements. */
  readonly since?: number;
  /** Undoes a sabotage that changes more than the database. */
  readonly undo?: string;
}

/** `:database` stands for the name of the database. `mallory` is a role without privileges; `aside` is an empty schema. */
export const SABOTAGES: readonly Sabotage[] = [
  // Tables
  { id: 'schema/table-missing', sql: 'drop table todo' },
  { id: 'schema/table-missing', sql: 'drop table "user" cascade' },
  { id: 'schema/table-missing', sql: 'alter table todo rename to todos' },
  { id: 'schema/table-missing', sql: 'alter table "user" rename to "User"' },
  { id: 'schema/table-missing', sql: 'alter table todo set schema aside' },
  { id: 'schema/table-extra', sql: 'create table todos (id integer)' },
  { id: 'schema/table-extra', sql: 'create table "Todo" (like todo including all)' },
  { id: 'schema/table-extra', sql: 'create unlogged table todo_backup as select * from todo' },
  { id: 'schema/table-extra', sql: 'create table "user " as table "user" with no data' },
  { id: 'schema/relation-kind', sql: 'alter table todo set unlogged' },
  { id: 'schema/relation-kind', sql: ['alter table todo set unlogged', 'alter table "user" set unlogged'] },
  { id: 'schema/relation-kind', sql: ['create table aside.base ()', 'alter table todo inherit aside.base'] },
  { id: 'schema/relation-kind', sql: 'create table aside.more () inherits (todo)' },
  { id: 'schema/relation-kind', sql: 'create table todo_archive () inherits (todo)' },
  {
    id: 'schema/relation-kind',
    sql: ['alter table todo rename to todo_rows', 'create view todo as select * from todo_rows'],
  },
  {
    id: 'schema/relation-kind',
    sql: ['alter table todo set schema aside', 'create materialized view todo as select * from aside.todo'],
  },
  {
    id: 'schema/relation-kind',
    sql: [
      'alter table todo set schema aside',
      'create table todo (like aside.todo including defaults) partition by range (id)',
      'create table todo_all partition of todo default',
    ],
  },
  {
    id: 'schema/relation-kind',
    sql: [
      `do $$ begin execute (select format('create type aside.t as (%s)',
         string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum))
         from pg_attribute where attrelid = 'todo'::regclass and attnum > 0); end $$`,
      'alter table todo of aside.t',
    ],
  },
  {
    id: 'schema/relation-kind',
    as: 'superuser',
    sql: [
      'alter table todo set schema aside',
      'create foreign data wrapper nothing',
      'create server nowhere foreign data wrapper nothing',
      'create foreign table todo (id integer, title varchar(200)) server nowhere',
    ],
  },
  { id: 'schema/table-options', sql: 'alter table todo set (fillfactor = 10)' },
  { id: 'schema/table-options', sql: 'alter table todo set (autovacuum_enabled = false)' },
  { id: 'schema/table-options', sql: 'alter table "user" set (toast.autovacuum_enabled = false)' },
  { id: 'schema/table-options', sql: 'alter table todo set (parallel_workers = 0)' },
  { id: 'schema/table-options', sql: 'alter table todo replica identity nothing' },
  { id: 'schema/table-options', sql: 'alter table todo replica identity full' },
  { id: 'schema/table-options', sql: 'alter table "user" replica identity using index idx_user_email_unique' },
  { id: 'schema/table-options', sql: 'alter table todo alter description set storage external' },
  { id: 'schema/table-options', sql: 'alter table todo alter title set storage plain' },
  { id: 'schema/table-options', sql: 'alter table todo alter description set compression pglz' },
  { id: 'schema/table-options', sql: 'alter table todo alter user_id set statistics 0' },
  { id: 'schema/table-options', sql: 'alter table todo alter user_id set (n_distinct = 1)' },
  { id: 'schema/table-options', sql: 'alter table todo cluster on idx_todo_user_id' },
  {
    id: 'schema/table-options',
    as: 'superuser',
    sql: [
      'create access method other type table handler heap_tableam_handler',
      'alter table todo set schema aside',
      'create table todo (like aside.todo including all) using other',
    ],
  },

  // Columns
  { id: 'schema/column-missing', sql: 'alter table todo drop description' },
  { id: 'schema/column-missing', sql: 'alter table todo rename is_completed to done' },
  { id: 'schema/column-missing', sql: 'alter table "user" rename email to "Email"' },
  { id: 'schema/column-missing', sql: 'alter table todo drop user_id' },
  { id: 'schema/column-extra', sql: 'alter table todo add due date' },
  { id: 'schema/column-extra', sql: 'alter table "user" add password text' },
  { id: 'schema/column-extra', sql: `alter table todo add priority integer not null default 0` },
  { id: 'schema/column-extra', sql: ['truncate todo', 'alter table todo add priority integer not null'] },
  { id: 'schema/column-extra', sql: 'alter table todo add long integer generated always as (length(title)) stored' },
  { id: 'schema/column-type', sql: 'alter table todo alter title type varchar(100)' },
  { id: 'schema/column-type', sql: 'alter table todo alter title type text' },
  { id: 'schema/column-type', sql: 'alter table todo alter title type varchar' },
  { id: 'schema/column-type', sql: 'alter table todo alter title type char(200)' },
  { id: 'schema/column-type', sql: 'alter table "user" alter email type varchar(254)' },
  { id: 'schema/column-type', sql: 'alter table todo alter id type bigint' },
  { id: 'schema/column-type', sql: 'alter table todo alter user_id type bigint' },
  { id: 'schema/column-type', sql: 'alter table todo alter created_at type timestamp' },
  { id: 'schema/column-type', sql: 'alter table todo alter updated_at type timestamptz(0)' },
  { id: 'schema/column-type', sql: 'alter table todo alter title type varchar(200) collate "C"' },
  {
    id: 'schema/column-type',
    sql: ['create domain aside.title as varchar(200)', 'alter table todo alter title type aside.title'],
  },
  {
    id: 'schema/column-type',
    sql: [
      'alter table todo alter is_completed drop default',
      'alter table todo alter is_completed type integer using 0',
      'alter table todo alter is_completed set default 0',
    ],
  },
  {
    id: 'schema/column-type',
    sql: [
      `create collation aside.blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
      'alter table "user" alter email type varchar(255) collate aside.blind',
    ],
  },
  { id: 'schema/column-nullability', sql: 'alter table todo alter title drop not null' },
  { id: 'schema/column-nullability', sql: 'alter table todo alter user_id drop not null' },
  { id: 'schema/column-nullability', sql: 'alter table "user" alter updated_at drop not null' },
  {
    id: 'schema/column-nullability',
    sql: [`update todo set description = ''`, 'alter table todo alter description set not null'],
  },
  { id: 'schema/column-default', sql: 'alter table todo alter is_completed set default true' },
  { id: 'schema/column-default', sql: 'alter table todo alter is_completed drop default' },
  { id: 'schema/column-default', sql: 'alter table todo alter created_at drop default' },
  { id: 'schema/column-default', sql: `alter table todo alter created_at set default '2020-01-01Z'` },
  { id: 'schema/column-default', sql: 'alter table "user" alter updated_at set default clock_timestamp()' },
  { id: 'schema/column-default', sql: `alter table todo alter created_at set default now() + interval '1 hour'` },
  { id: 'schema/column-default', sql: `alter table todo alter title set default ''` },
  { id: 'schema/column-default', sql: 'alter table todo alter id drop default' },
  { id: 'schema/column-default', sql: `alter table todo alter id set default nextval('user_id_seq')` },
  { id: 'schema/column-default', sql: `alter table todo alter user_id set default 1` },
  {
    id: 'schema/column-default',
    sql: ['create sequence aside.todo_id_seq', `alter table todo alter id set default nextval('aside.todo_id_seq')`],
  },
  {
    id: 'schema/column-default',
    sql: ['alter table todo alter id drop default', 'alter table todo alter id add generated always as identity'],
  },
  {
    id: 'schema/column-default',
    sql: [
      'alter table todo drop is_completed',
      'alter table todo add is_completed boolean not null generated always as (false) stored',
    ],
  },
  { id: 'schema/column-order', sql: ['alter table todo drop description', 'alter table todo add description text'] },

  // Keys and indexes
  { id: 'schema/primary-key', sql: 'alter table todo drop constraint todo_pkey' },
  { id: 'schema/primary-key', sql: 'alter table "user" drop constraint user_pkey cascade' },
  {
    id: 'schema/primary-key',
    sql: [
      'alter table todo drop constraint todo_pkey',
      'alter table todo add constraint todo_pkey primary key (id, user_id)',
    ],
  },
  {
    id: 'schema/primary-key',
    sql: [
      'alter table todo drop constraint todo_pkey',
      'alter table todo add constraint todo_pkey primary key (id) deferrable',
    ],
  },
  {
    id: 'schema/primary-key',
    sql: [
      'alter table todo drop constraint todo_pkey',
      'alter table todo add constraint todo_pkey primary key (id) include (title)',
    ],
  },
  {
    id: 'schema/primary-key',
    sql: ['alter table todo drop constraint todo_pkey', 'create unique index todo_pkey on todo (id)'],
  },
  { id: 'schema/index-missing', sql: 'drop index idx_todo_user_id' },
  { id: 'schema/index-missing', sql: 'drop index idx_user_email_unique' },
  { id: 'schema/index-missing', sql: ['drop index idx_todo_user_id', 'create index idx_todo_user_id on "user" (id)'] },
  { id: 'schema/index-extra', sql: 'create index todo_user_id_again on todo (user_id)' },
  { id: 'schema/index-extra', sql: 'create unique index one_title_each on todo (user_id, title)' },
  { id: 'schema/index-extra', sql: 'create index on todo (lower(title)) where not is_completed' },
  { id: 'schema/index-extra', sql: 'create unique index idx_user_email_lower on "user" (lower(email))' },
  ...[
    'create index idx_todo_user_id on todo (user_id) where not is_completed',
    'create index idx_todo_user_id on todo (id)',
    'create index idx_todo_user_id on todo (title, user_id)',
    'create index idx_todo_user_id on todo (user_id, id)',
    'create index idx_todo_user_id on todo (abs(user_id))',
    'create index idx_todo_user_id on todo using hash (user_id)',
    'create index idx_todo_user_id on todo using brin (user_id)',
    'create index idx_todo_user_id on todo (user_id desc)',
    'create index idx_todo_user_id on todo (user_id nulls first)',
    'create index idx_todo_user_id on todo (user_id) include (title)',
    'create index idx_todo_user_id on todo (user_id) with (fillfactor = 20)',
    'create index idx_todo_user_id on todo (user_id) with (deduplicate_items = off)',
    'create unique index idx_todo_user_id on todo (user_id, id)',
  ].map((sql) => ({ id: 'schema/index-definition', sql: ['drop index idx_todo_user_id', sql] })),
  ...[
    'create index idx_user_email_unique on "user" (email)',
    'create unique index idx_user_email_unique on "user" (email) where id > 0',
    'create unique index idx_user_email_unique on "user" (lower(email))',
    'create unique index idx_user_email_unique on "user" (email, id)',
    'create unique index idx_user_email_unique on "user" (id)',
    'create unique index idx_user_email_unique on "user" (email collate "C")',
    'create unique index idx_user_email_unique on "user" (email varchar_pattern_ops)',
    'create unique index idx_user_email_unique on "user" (email) nulls not distinct',
    'create unique index idx_user_email_unique on "user" (email) include (hashed_password)',
  ].map((sql) => ({ id: 'schema/index-definition', sql: ['drop index idx_user_email_unique', sql] })),
  { id: 'schema/index-definition', sql: 'alter index todo_pkey set (fillfactor = 10)' },
  { id: 'schema/index-definition', sql: 'alter index idx_todo_user_id set (fillfactor = 10)' },
  {
    id: 'schema/index-invalid',
    fails: true,
    sql: [
      'drop index idx_user_email_unique',
      `insert into "user" (email, hashed_password) select email, hashed_password from "user" where id = 1`,
      'create unique index concurrently idx_user_email_unique on "user" (email)',
    ],
  },
  ...['indisvalid', 'indisready', 'indislive'].map((flag) => ({
    id: 'schema/index-invalid',
    as: 'superuser' as const,
    sql: `update pg_index set ${flag} = false where indexrelid = 'idx_todo_user_id'::regclass`,
  })),
  {
    id: 'schema/index-invalid',
    as: 'superuser',
    sql: `update pg_index set indisvalid = false where indexrelid = 'user_pkey'::regclass`,
  },
  {
    id: 'schema/index-invalid',
    as: 'superuser',
    sql: `update pg_class set relhasindex = false where relname = 'todo'`,
  },
  {
    id: 'schema/index-invalid',
    fails: true,
    sql: 'create unique index concurrently one_of_each on todo (is_completed)',
  },
  {
    id: 'schema/index-invalid',
    as: 'superuser',
    sql: [
      'create index "idx_todo_user_id_ccnew" on todo (user_id)',
      `update pg_index set indisvalid = false where indexrelid = 'idx_todo_user_id_ccnew'::regclass`,
    ],
  },
  {
    id: 'schema/index-invalid',
    as: 'superuser',
    sql: [
      'alter index idx_todo_user_id rename to "Other Index"',
      `update pg_index set indisvalid = false where indexrelid = '"Other Index"'::regclass`,
    ],
  },
  { id: 'schema/name', sql: 'alter index idx_todo_user_id rename to todo_user_id_idx' },
  { id: 'schema/name', sql: 'alter index idx_user_email_unique rename to user_email_key' },
  { id: 'schema/name', sql: 'alter table todo rename constraint todo_pkey to pk' },
  { id: 'schema/name', sql: 'alter table todo rename constraint todo_user_id_fkey to todo_owner_fkey' },

  // Foreign keys and other constraints
  { id: 'schema/fk-missing', sql: 'alter table todo drop constraint todo_user_id_fkey' },
  {
    id: 'schema/fk-missing',
    sql: [
      'alter table todo drop constraint todo_user_id_fkey',
      'alter table todo add constraint todo_user_id_fkey check (user_id > 0)',
    ],
  },
  ...[
    'references "user" (id)',
    'references "user" (id) on delete restrict',
    'references "user" (id) on delete set null',
    'references "user" (id) on delete set default',
    'references "user" (id) on delete cascade on update cascade',
    'references "user" (id) match full on delete cascade',
    'references "user" (id) on delete cascade deferrable',
    'references "user" (id) on delete cascade deferrable initially deferred',
  ].map((rest) => ({
    id: 'schema/fk-definition',
    sql: [
      'alter table todo drop constraint todo_user_id_fkey',
      `alter table todo add constraint todo_user_id_fkey foreign key (user_id) ${rest}`,
    ],
  })),
  {
    id: 'schema/fk-definition',
    sql: 'alter table todo alter constraint todo_user_id_fkey deferrable initially deferred',
  },
  {
    id: 'schema/fk-definition',
    sql: [
      'create table aside."user" (id integer primary key)',
      'insert into aside."user" select id from "user"',
      'alter table todo drop constraint todo_user_id_fkey',
      'alter table todo add constraint todo_user_id_fkey foreign key (user_id) references aside."user" (id) on delete cascade',
    ],
  },
  {
    id: 'schema/constraint-not-valid',
    sql: [
      'alter table todo drop constraint todo_user_id_fkey',
      'alter table todo add constraint todo_user_id_fkey foreign key (user_id) references "user" (id) on delete cascade not valid',
    ],
  },
  {
    id: 'schema/constraint-not-valid',
    since: 18,
    sql: 'alter table todo alter constraint todo_user_id_fkey not enforced',
  },
  {
    id: 'schema/constraint-not-valid',
    since: 18,
    sql: [
      'alter table todo alter title drop not null',
      'alter table todo add constraint titled not null title not valid',
    ],
  },
  { id: 'schema/constraint-not-valid', sql: 'alter table todo add check (length(title) > 100) not valid' },
  {
    id: 'schema/constraint-not-valid',
    since: 18,
    sql: 'alter table todo add constraint later check (length(title) > 100) not enforced',
  },
  {
    id: 'schema/constraint-not-valid',
    sql: [
      'alter table todo drop constraint todo_user_id_fkey',
      'alter table todo add constraint todo_owner_fkey foreign key (user_id) references "user" (id) on delete cascade not valid',
    ],
  },
  { id: 'schema/constraint-extra', sql: 'alter table todo add constraint short check (length(title) < 100)' },
  { id: 'schema/constraint-extra', sql: 'alter table todo add check (false) not valid' },
  { id: 'schema/constraint-extra', sql: 'alter table todo add unique (user_id, title)' },
  { id: 'schema/constraint-extra', sql: 'alter table todo add exclude using hash (title with =)' },
  {
    id: 'schema/constraint-extra',
    sql: 'alter table todo add constraint again foreign key (user_id) references "user" (id)',
  },
  { id: 'schema/constraint-extra', sql: 'create table aside.log (user_id integer references "user" (id))' },
  { id: 'schema/fk-trigger-disabled', as: 'superuser', sql: 'alter table todo disable trigger all' },
  { id: 'schema/fk-trigger-disabled', as: 'superuser', sql: 'alter table "user" disable trigger all' },
  {
    id: 'schema/fk-trigger-disabled',
    as: 'superuser',
    sql: `update pg_trigger set tgenabled = 'R' where tgname = (select max(tgname) from pg_trigger where tgisinternal)`,
  },
  {
    id: 'schema/fk-trigger-disabled',
    as: 'superuser',
    sql: `update pg_class set relhastriggers = false where relname = 'todo'`,
  },
  {
    id: 'schema/fk-trigger-disabled',
    as: 'superuser',
    sql: `delete from pg_trigger where tgrelid = '"user"'::regclass and tgisinternal`,
  },

  // Sequences
  { id: 'schema/sequence', sql: 'alter sequence todo_id_seq increment 2' },
  { id: 'schema/sequence', sql: 'alter sequence todo_id_seq increment -1 minvalue -100' },
  { id: 'schema/sequence', sql: 'alter sequence user_id_seq cycle' },
  { id: 'schema/sequence', sql: 'alter sequence user_id_seq maxvalue 1000' },
  { id: 'schema/sequence', sql: 'alter sequence user_id_seq minvalue -5' },
  { id: 'schema/sequence', sql: 'alter sequence todo_id_seq cache 100' },
  { id: 'schema/sequence', sql: 'alter sequence todo_id_seq as bigint' },
  { id: 'schema/sequence', sql: 'alter sequence todo_id_seq as smallint' },
  { id: 'schema/sequence', sql: 'alter sequence todo_id_seq start 5' },
  { id: 'schema/sequence', sql: 'alter sequence todo_id_seq owned by none' },
  { id: 'schema/sequence', sql: 'alter sequence todo_id_seq owned by todo.user_id' },
  { id: 'schema/sequence', sql: 'alter sequence todo_id_seq set unlogged' },
  { id: 'schema/sequence', sql: 'alter sequence todo_id_seq rename to todo_seq' },
  { id: 'schema/sequence', sql: 'drop sequence todo_id_seq cascade' },
  { id: 'schema/extra-object', sql: 'create sequence ticket' },
  { id: 'data/sequence', sql: `select setval('todo_id_seq', 1)` },
  { id: 'data/sequence', sql: `select setval('user_id_seq', 3, false)` },
  { id: 'data/sequence', sql: 'alter sequence user_id_seq restart' },
  { id: 'data/sequence', sql: `insert into todo (id, title, user_id) values (5000, 'Ahead', 1)` },
  { id: 'data/sequence', sql: 'alter sequence todo_id_seq increment -1 minvalue -100' },
  { id: 'data/sequence', sql: `select setval('todo_id_seq', 2000000000)` },
  { id: 'data/sequence', sql: `select setval('user_id_seq', 2147483647)` },

  // Code that runs by itself
  {
    id: 'schema/trigger-rule',
    sql: [
      `create function aside.f() returns trigger language plpgsql as 'begin return null; end'`,
      'create trigger swallow before insert on todo for each row execute function aside.f()',
    ],
  },
  {
    id: 'schema/trigger-rule',
    sql: [
      `create function aside.f() returns trigger language plpgsql as 'begin new.updated_at = old.updated_at; return new; end'`,
      'create trigger stop_the_clock before update on todo for each row execute function aside.f()',
    ],
  },
  {
    id: 'schema/trigger-rule',
    sql: [
      `create function aside.f() returns trigger language plpgsql as 'begin return null; end'`,
      'create constraint trigger late after insert on "user" deferrable initially deferred for each row execute function aside.f()',
    ],
  },
  {
    id: 'schema/trigger-rule',
    sql: [
      `create function aside.f() returns trigger language plpgsql as 'begin return null; end'`,
      'create trigger asleep after truncate on todo execute function aside.f()',
      'alter table todo disable trigger asleep',
    ],
  },
  { id: 'schema/trigger-rule', sql: 'create rule keep as on delete to todo do instead nothing' },
  {
    id: 'schema/trigger-rule',
    sql: 'create rule forget as on insert to drizzle.__drizzle_migrations do instead nothing',
  },
  {
    id: 'schema/trigger-rule',
    sql: [
      `create function aside.f() returns trigger language plpgsql as 'begin return null; end'`,
      'create trigger forget before insert on drizzle.__drizzle_migrations for each row execute function aside.f()',
    ],
  },
  { id: 'schema/trigger-rule', sql: 'create rule tell as on insert to "user" do also notify signup' },
  {
    id: 'schema/trigger-rule',
    sql: [
      'create rule keep as on update to todo where old.is_completed do instead nothing',
      'alter table todo disable rule keep',
    ],
  },
  {
    id: 'schema/extra-object',
    as: 'superuser',
    sql: [
      `create function aside.f() returns event_trigger language plpgsql as 'begin end'`,
      'create event trigger watch on ddl_command_end execute function aside.f()',
    ],
  },

  // Row security and rights
  { id: 'schema/rls', sql: 'alter table todo enable row level security' },
  { id: 'schema/rls', sql: 'alter table todo force row level security' },
  { id: 'schema/rls', sql: 'alter table "user" enable row level security, force row level security' },
  { id: 'schema/rls', sql: 'create policy everything on todo using (true)' },
  { id: 'schema/rls', sql: 'alter table drizzle.__drizzle_migrations enable row level security' },
  {
    id: 'schema/rls',
    sql: [
      'alter table todo enable row level security',
      'create policy done on todo as restrictive for select using (is_completed)',
    ],
  },
  { id: 'schema/privileges', sql: 'grant select on "user" to public' },
  { id: 'schema/privileges', sql: 'grant all on todo to mallory' },
  { id: 'schema/privileges', sql: 'grant select on "user" to mallory' },
  { id: 'schema/privileges', sql: 'grant select (hashed_password) on "user" to public' },
  { id: 'schema/privileges', sql: 'grant update (user_id) on todo to mallory' },
  { id: 'schema/privileges', sql: 'grant usage on todo_id_seq to public' },
  { id: 'schema/privileges', sql: 'grant truncate on todo to mallory' },
  { id: 'schema/privileges', sql: 'revoke insert on todo from todo' },
  { id: 'schema/privileges', sql: 'revoke all on "user" from todo' },
  { id: 'schema/privileges', sql: 'revoke usage on todo_id_seq from todo' },
  { id: 'schema/privileges', sql: 'grant create on schema public to public' },
  { id: 'schema/privileges', sql: 'grant all on schema public to mallory' },
  { id: 'schema/privileges', sql: 'revoke usage on schema public from public, pg_database_owner' },
  { id: 'schema/privileges', sql: 'grant create on database :database to mallory' },
  { id: 'schema/privileges', sql: 'grant insert on drizzle.__drizzle_migrations to mallory' },
  { id: 'schema/privileges', sql: 'grant create on schema drizzle to public' },
  { id: 'schema/privileges', sql: 'alter default privileges grant select on tables to public' },
  { id: 'schema/privileges', sql: 'alter default privileges in schema public grant all on tables to mallory' },
  {
    id: 'schema/privileges',
    as: 'superuser',
    sql: 'alter default privileges for role todo grant usage on sequences to mallory',
  },
  { id: 'schema/privileges', as: 'superuser', sql: 'alter table todo owner to mallory' },
  { id: 'schema/privileges', as: 'superuser', sql: 'alter table "user" owner to postgres' },
  { id: 'schema/privileges', as: 'superuser', sql: 'alter schema public owner to mallory' },
  { id: 'schema/privileges', as: 'superuser', sql: 'alter schema drizzle owner to mallory' },
  { id: 'schema/privileges', sql: 'revoke select on drizzle.__drizzle_migrations from todo' },
  { id: 'schema/privileges', sql: 'revoke all on schema drizzle from todo' },
  { id: 'schema/privileges', sql: 'revoke usage on sequence drizzle.__drizzle_migrations_id_seq from todo' },
  { id: 'schema/privileges', sql: 'alter default privileges in schema public grant usage on sequences to public' },
  {
    id: 'schema/privileges',
    as: 'superuser',
    sql: ['alter sequence todo_id_seq owned by none', 'alter sequence todo_id_seq owner to mallory'],
  },
  { id: 'schema/privileges', as: 'superuser', sql: 'alter database :database owner to mallory' },
  { id: 'schema/privileges', as: 'superuser', sql: 'alter table drizzle.__drizzle_migrations owner to mallory' },
  { id: 'schema/privileges', as: 'superuser', sql: ['create role eve', 'grant todo to eve'], undo: 'drop role eve' },
  {
    id: 'schema/privileges',
    as: 'superuser',
    sql: ['create role eve', 'grant pg_read_all_data to eve'],
    undo: 'drop role eve',
  },

  // Objects that the code does not define
  { id: 'schema/extra-object', sql: 'create view open_todo as select * from todo where not is_completed' },
  {
    id: 'schema/extra-object',
    sql: 'create materialized view counts as select user_id, count(*) from todo group by user_id',
  },
  {
    id: 'schema/extra-object',
    sql: `create function now() returns timestamptz language sql as 'select pg_catalog.now()'`,
  },
  { id: 'schema/extra-object', sql: `create procedure clean() language sql as 'delete from todo'` },
  { id: 'schema/extra-object', sql: `create aggregate total (integer) (sfunc = int4pl, stype = integer)` },
  { id: 'schema/extra-object', sql: `create type mood as enum ('glad')` },
  { id: 'schema/extra-object', sql: 'create type pair as (a integer, b integer)' },
  { id: 'schema/extra-object', sql: 'create domain email as text' },
  { id: 'schema/extra-object', sql: 'create type span as range (subtype = integer)' },
  { id: 'schema/extra-object', sql: 'create collation c2 from "C"' },
  { id: 'schema/extra-object', sql: 'create statistics todo_stats on user_id, is_completed from todo' },
  { id: 'schema/extra-object', sql: 'create operator === (function = int4eq, leftarg = integer, rightarg = integer)' },
  { id: 'schema/extra-object', as: 'superuser', sql: 'create operator family ours using btree' },
  { id: 'schema/extra-object', sql: 'create text search configuration simpler (copy = simple)' },
  { id: 'schema/extra-object', as: 'superuser', sql: 'create text search template bare (lexize = dsimple_lexize)' },
  {
    id: 'schema/extra-object',
    as: 'superuser',
    sql: 'create text search parser words (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)',
  },
  { id: 'schema/extra-object', as: 'superuser', sql: 'create foreign data wrapper nothing' },
  { id: 'schema/extra-object', sql: 'create text search dictionary plain (template = simple)' },
  { id: 'schema/extra-object', as: 'superuser', sql: 'create type shell' },
  { id: 'schema/extra-object', sql: 'create publication leak for table "user"' },
  { id: 'schema/extra-object', as: 'superuser', sql: 'create publication everything for all tables' },
  { id: 'schema/extra-object', as: 'superuser', sql: 'create cast (varchar as integer) with inout as implicit' },
  {
    id: 'schema/extra-object',
    as: 'superuser',
    sql: ['create foreign data wrapper nothing', 'create server elsewhere foreign data wrapper nothing'],
  },
  {
    id: 'schema/extra-object',
    as: 'superuser',
    sql: `create subscription copy connection 'host=nowhere.invalid' publication p with (connect = false)`,
    undo: 'alter subscription copy set (slot_name = none); drop subscription copy',
  },

  // Settings
  {
    id: 'connect/session-settings',
    as: 'superuser',
    sql: 'alter database :database set session_replication_role = replica',
  },
  ...[
    `default_transaction_isolation = 'serializable'`,
    `default_transaction_isolation = 'read uncommitted'`,
    'default_transaction_deferrable = on',
    'synchronous_commit = off',
    'enable_indexscan = off',
    'enable_seqscan = off',
    'enable_bitmapscan = off',
    `statement_timeout = '5ms'`,
    `statement_timeout = '1h'`,
    `lock_timeout = '1ms'`,
    `idle_in_transaction_session_timeout = '10ms'`,
    `idle_session_timeout = '50ms'`,
    `timezone = 'America/New_York'`,
    `datestyle = 'SQL, DMY'`,
    `intervalstyle = 'iso_8601'`,
    `bytea_output = 'escape'`,
    'extra_float_digits = -15',
    'row_security = off',
    'transform_null_equals = on',
    `client_encoding = 'LATIN1'`,
    `client_encoding = 'SQL_ASCII'`,
    'jit = off',
    `plan_cache_mode = 'force_generic_plan'`,
    'quote_all_identifiers = on',
    `default_tablespace = 'pg_default'`,
    'array_nulls = off',
    `role = 'mallory'`,
  ].map((setting) => ({ id: 'connect/session-settings', sql: `alter database :database set ${setting}` })),
  { id: 'connect/session-settings', sql: `alter role todo in database :database set timezone = 'Asia/Tokyo'` },
  { id: 'connect/session-settings', sql: `alter role todo in database :database set synchronous_commit = off` },
  {
    id: 'connect/session-settings',
    sql: `alter role todo set statement_timeout = '50s'`,
    undo: 'alter role todo reset statement_timeout',
  },
  {
    id: 'connect/session-settings',
    as: 'superuser',
    sql: `alter role all set enable_hashjoin = off`,
    undo: 'alter role all reset enable_hashjoin',
  },
  {
    id: 'connect/session-settings',
    as: 'superuser',
    sql: [`alter system set default_transaction_isolation = 'serializable'`, 'select pg_reload_conf()'],
    undo: 'alter system reset default_transaction_isolation; select pg_reload_conf()',
  },
  { id: 'connect/server', sql: 'alter database :database set standard_conforming_strings = off' },
  {
    id: 'connect/server',
    as: 'superuser',
    sql: `update pg_database set datcollversion = '0' where datname = current_database()`,
  },
  { id: 'connect/writable', sql: 'alter database :database set default_transaction_read_only = on' },
  { id: 'connect/writable', sql: 'alter role todo in database :database set default_transaction_read_only = on' },
  { id: 'connect/search-path', sql: 'alter database :database set search_path = aside, public' },
  { id: 'connect/search-path', sql: `alter database :database set search_path = ''` },
  { id: 'connect/search-path', sql: `alter database :database set search_path = 'public, aside'` },
  { id: 'connect/search-path', sql: `alter database :database set search_path = "Public", public` },
  { id: 'connect/search-path', sql: `alter role todo in database :database set search_path = drizzle` },
  { id: 'connect/search-path', sql: ['create schema todo', 'create table todo.todo (id integer)'] },
  { id: 'connect/search-path', sql: ['create schema todo', 'create view todo."user" as select 1 as id'] },
  { id: 'connect/search-path', sql: 'create table aside.todo (like todo)' },
  {
    id: 'connect/search-path',
    sql: ['create table aside."user" (id integer)', 'alter database :database set search_path = aside, public'],
  },

  // Rows
  {
    id: 'data/orphans',
    as: 'superuser',
    sql: [
      'alter table todo disable trigger all',
      `insert into todo (title, user_id) values ('Nobody''s', 4711)`,
      'alter table todo enable trigger all',
    ],
  },
  {
    id: 'data/orphans',
    as: 'superuser',
    sql: ['set session_replication_role = replica', 'delete from "user" where id = 1'],
  },
  {
    id: 'data/orphans',
    sql: ['alter table todo drop constraint todo_user_id_fkey', 'update todo set user_id = -1 where id = 2'],
  },
  {
    id: 'data/email-case',
    sql: `insert into "user" (email, hashed_password) select upper(email), hashed_password from "user" where id = 1`,
  },
  {
    id: 'data/email-case',
    sql: `insert into "user" (email, hashed_password) select ' ' || email, hashed_password from "user" where id = 1`,
  },
  {
    id: 'data/email-case',
    sql: [
      'drop index idx_user_email_unique',
      `insert into "user" (email, hashed_password) select email, hashed_password from "user" where id = 1`,
    ],
  },
  { id: 'data/validator-rows', sql: `update "user" set email = 'no address' where id = 1` },
  { id: 'data/validator-rows', sql: `update "user" set email = 'Ada@Example.com' where id = 1` },
  { id: 'data/validator-rows', sql: `update "user" set email = '' where id = 2` },
  { id: 'data/validator-rows', sql: `update "user" set email = 'ada@example.com ' where id = 1` },
  {
    id: 'data/validator-rows',
    sql: `update todo set created_at = now() + interval '1 year', updated_at = now() + interval '1 year' where id = 1`,
  },
  { id: 'data/validator-rows', sql: `update todo set updated_at = created_at - interval '1 day' where id = 1` },
  { id: 'data/validator-rows', sql: `update "user" set updated_at = 'infinity' where id = 1` },
  { id: 'data/validator-rows', sql: `update "user" set created_at = '-infinity' where id = 1` },
  { id: 'data/validator-rows', sql: `update todo set created_at = '4000-01-01 BC' where id = 1` },
  { id: 'data/validator-rows', sql: `update todo set created_at = '0001-01-01' where id = 1` },
  {
    id: 'data/validator-rows',
    sql: ['alter table todo alter title type text', `update todo set title = repeat('x', 201) where id = 3`],
  },
  { id: 'data/password-format', sql: `update "user" set hashed_password = 'hunter2' where id = 1` },
  { id: 'data/password-format', sql: `update "user" set hashed_password = '' where id = 2` },
  ...['$argon2id$hunter2', 'scrypt:hunter2', '$2b$10$hunter2', `$2b$99$${'a'.repeat(53)}`].map((password) => ({
    id: 'data/password-format',
    sql: `update "user" set hashed_password = '${password}' where id = 1`,
  })),
  { id: 'data/password-format', sql: `update "user" set hashed_password = md5('hunter2') where id = 1` },

  // History
  { id: 'migrate/table-present', sql: 'drop table drizzle.__drizzle_migrations' },
  { id: 'migrate/table-present', sql: 'drop schema drizzle cascade' },
  { id: 'migrate/table-present', sql: 'alter table drizzle.__drizzle_migrations rename to migrations' },
  { id: 'migrate/table-present', sql: 'create table public.__drizzle_migrations (like drizzle.__drizzle_migrations)' },
  { id: 'migrate/table-present', sql: 'create table aside.__drizzle_migrations as table drizzle.__drizzle_migrations' },
  { id: 'migrate/table-present', sql: 'alter table drizzle.__drizzle_migrations drop hash' },
  { id: 'migrate/table-present', sql: 'alter schema drizzle rename to elsewhere' },
  { id: 'migrate/table-present', sql: 'alter table drizzle.__drizzle_migrations set unlogged' },
  { id: 'migrate/table-present', sql: 'alter table drizzle.__drizzle_migrations alter id drop default' },
  { id: 'migrate/table-present', sql: `select setval('drizzle.__drizzle_migrations_id_seq', 1, false)` },
  { id: 'migrate/table-present', sql: 'alter table drizzle.__drizzle_migrations add check (id < 2)' },
  {
    id: 'migrate/table-present',
    sql: [
      'alter table drizzle.__drizzle_migrations add author text',
      `update drizzle.__drizzle_migrations set author = 'ada'`,
      'alter table drizzle.__drizzle_migrations alter author set not null',
    ],
  },
  { id: 'migrate/pending', sql: 'truncate drizzle.__drizzle_migrations' },
  { id: 'migrate/pending', sql: 'delete from drizzle.__drizzle_migrations' },
  { id: 'migrate/modified', sql: `update drizzle.__drizzle_migrations set hash = md5(hash)` },
  { id: 'migrate/modified', sql: `update drizzle.__drizzle_migrations set hash = upper(hash)` },
  {
    id: 'migrate/modified',
    sql: [
      'alter table drizzle.__drizzle_migrations alter hash drop not null',
      'update drizzle.__drizzle_migrations set hash = null',
    ],
  },
  {
    id: 'migrate/history',
    sql: `insert into drizzle.__drizzle_migrations (hash, created_at) values ('abc', 1600000000000)`,
  },
  {
    id: 'migrate/history',
    sql: `insert into drizzle.__drizzle_migrations (hash, created_at) select hash, created_at from drizzle.__drizzle_migrations`,
  },
  {
    id: 'migrate/history',
    sql: `insert into drizzle.__drizzle_migrations (hash, created_at) select 'other', created_at from drizzle.__drizzle_migrations`,
  },
  { id: 'migrate/history', sql: `insert into drizzle.__drizzle_migrations (hash) values ('undated')` },
  {
    id: 'migrate/high-water-mark',
    sql: `insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 4102444800000)`,
  },
  { id: 'migrate/history', sql: 'update drizzle.__drizzle_migrations set created_at = created_at - 1' },
  { id: 'migrate/high-water-mark', sql: 'update drizzle.__drizzle_migrations set created_at = created_at + 1' },
  { id: 'migrate/high-water-mark', sql: 'update drizzle.__drizzle_migrations set created_at = 4102444800000' },
];
