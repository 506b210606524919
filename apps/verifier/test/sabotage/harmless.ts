/** Changes that are usual in any database in use. They must raise no failure and no warning. */
import type { Sabotage } from './sabotages.ts';

export type Harmless = Omit<Sabotage, 'id' | 'fails'>;

const HASH = `'$2b$10$todosampledataabcdefgObHXJc83aK24WWUVG65l7rGvPxf3gSxW'`;

export const HARMLESS: readonly Harmless[] = [
  { sql: 'truncate todo, "user"' },
  { sql: 'truncate todo, "user" restart identity cascade' },
  {
    sql: `insert into "user" (email, hashed_password) select 'person' || i || '@example.com', ${HASH} from generate_series(1, 2000) i`,
  },
  { sql: `insert into todo (title, user_id) select 'Nr. ' || i, 1 from generate_series(1, 2000) i` },
  { sql: 'delete from todo where id % 2 = 0' },
  { sql: `select setval('todo_id_seq', 90000)` },
  { sql: [`select nextval('user_id_seq')`, `select nextval('user_id_seq')`] },
  {
    sql: `update todo set title = '🎉 ' || repeat('𝕏', 190), description = repeat('long ', 50000), updated_at = now() where id = 1`,
  },
  { sql: `insert into todo (title, user_id) values ('''; drop table todo; --', 1), (' padded ', 1)` },
  { sql: `update "user" set email = 'ada+tag@sub.example.co.uk', updated_at = now() where id = 1` },
  {
    sql: `update "user" set hashed_password = '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG' where id = 1`,
  },
  ...[
    `'$argon2i$v=19$m=16,t=2,p=1$YWJjZGVmZ2g$jhXv2Vo7D9n8Nw8M9s5zmA'`,
    `'$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E'`,
    `'scrypt:32768:8:1$saltsaltsaltsalt$' || repeat('a1', 64)`,
    `'pbkdf2_sha256$600000$salt$aGFzaA=='`,
    `'$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D'`,
    `repeat('0f', 16) || ':' || repeat('0f', 64)`,
  ].map((hash) => ({ sql: `update "user" set hashed_password = ${hash} where id = 1` })),
  { sql: `update todo set created_at = '1970-01-01' where id = 1` },
  { sql: 'insert into todo (id, title, user_id) values (-1, $$below$$, 1), (0, $$zero$$, 1)' },
  { sql: ['analyze', 'vacuum'] },
  { sql: 'cluster todo using idx_todo_user_id' },
  { sql: 'alter table todo alter title set statistics 500, alter user_id set (n_distinct = 3)' },
  {
    sql: ['create role guest superuser', 'grant select on todo to guest'],
    as: 'superuser',
    undo: 'drop owned by guest; drop role guest',
  },
  { sql: ['alter schema public owner to todo'], as: 'superuser' },
  { sql: 'vacuum full todo' },
  { sql: 'reindex table "user"' },
  { sql: 'reindex index concurrently idx_todo_user_id' },
  { sql: [`comment on table todo is 'all there is to do'`, `comment on column "user".email is 'where to write to'`] },
  { sql: [`comment on database :database is 'ours'`, `comment on index idx_todo_user_id is 'by owner'`] },
  { sql: ['create schema metrics', 'create table metrics.visits (id bigserial primary key, at timestamptz)'] },
  {
    sql: [
      'create schema metrics',
      `create function metrics.f() returns integer language sql as 'select 1'`,
      'create view metrics.v as select 1 as one',
    ],
  },
  { sql: ['alter table todo add extra integer', 'alter table todo drop extra'] },
  { sql: ['alter table todo alter title drop not null', 'alter table todo alter title set not null'] },
  {
    sql: [
      'drop index idx_todo_user_id',
      'create index concurrently idx_todo_user_id on todo using btree (user_id asc nulls last)',
    ],
  },
  { sql: ['alter table todo disable trigger user', 'alter table todo enable trigger user'] },
  { sql: ['alter table todo set (fillfactor = 90)', 'alter table todo reset (fillfactor)'] },
  { sql: ['grant select on todo to mallory', 'revoke select on todo from mallory'] },
  { sql: 'grant connect on database :database to mallory' },
  { sql: 'grant usage on schema public to mallory' },
  { sql: `alter database :database set log_min_duration_statement = '1s'`, as: 'superuser' },
  {
    sql: [
      `alter database :database set work_mem = '16MB'`,
      `alter role todo in database :database set application_name = 'todo'`,
    ],
  },
  { sql: `alter database :database set search_path = "$user", public` },
  {
    sql: [
      'alter database :database set default_transaction_read_only = off',
      'alter role todo in database :database set default_transaction_read_only = 0',
      `alter database :database set transform_null_equals = 'f'`,
      `alter database :database set enable_seqscan = 't'`,
      `alter database :database set datestyle = 'ISO'`,
    ],
  },
  { sql: `alter database :database set deadlock_timeout = '2s'`, as: 'superuser' },
  { sql: ["alter database :database set timezone = 'UTC'", 'alter database :database set synchronous_commit = on'] },
  {
    sql: [
      'alter database :database set statement_timeout = 0',
      'alter role todo in database :database set enable_seqscan = on',
    ],
  },
  { sql: `alter database :database set default_transaction_isolation = 'read committed'` },
  { sql: ['create temporary table todo (id integer)', 'create temporary view "user" as select 1'] },
  { sql: ['alter table todo alter title type varchar(300)', 'alter table todo alter title type varchar(200)'] },
  { sql: `create extension if not exists plpgsql`, as: 'superuser' },
  {
    sql: [
      'alter table todo drop constraint todo_user_id_fkey',
      'alter table todo add constraint todo_user_id_fkey foreign key (user_id) references public."user" on delete cascade on update no action not valid',
      'alter table todo validate constraint todo_user_id_fkey',
    ],
  },
  { sql: [`select lo_create(0)`, `select pg_notify('a', 'b')`] },
  { sql: 'create role guest', undo: 'drop role guest' },
];
