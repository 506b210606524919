import { expect, it } from 'vitest';

import { loadReadGuard, WriteRefused } from '../src/read-guard.ts';

const guard = await loadReadGuard();

it.each([
  'select 1',
  'table todo',
  'values (1)',
  'with a as (select 1) select * from a -- delete from todo',
  `select 'delete from todo', "update" from (select 1 as "update") x`,
  'explain (analyze, format json) select * from todo where user_id = $1',
  'begin read only; set local enable_seqscan = off; select 1; rollback',
  'begin isolation level repeatable read read only',
  'set default_transaction_read_only = on; set statement_timeout = 100',
  'set transaction read only',
  'savepoint a; rollback to savepoint a; release savepoint a',
  'prepare a as select $1::int; execute a(1); deallocate a',
  'declare c cursor for select 1; fetch c; close c',
  'show server_version',
  'select count(*), pg_backend_pid(), now(), current_setting($1) from pg_catalog.pg_stat_activity',
  'select pg_sleep(0)',
])('the read guard accepts: %s', (text) => {
  expect(() => guard(text)).not.toThrow();
});

it.each([
  'insert into todo values (1)',
  'select 1; delete from todo',
  'with a as (delete from todo returning *) select * from a',
  'with a as (select 1), b as (update todo set title = title returning 1) select * from a, b',
  'select * into copied from todo',
  'select * from todo for update',
  'select * from (select * from todo for key share) x',
  'create table x ()',
  'create temp table x ()',
  'explain analyze insert into todo values (1)',
  'explain analyze create table x as select 1',
  'prepare a as update todo set title = title',
  'merge into todo using "user" on false when not matched then insert default values',
  'truncate todo',
  'vacuum todo',
  'analyze todo',
  'reindex table todo',
  'lock table todo',
  'do $$ begin delete from todo; end $$',
  'call anything()',
  "copy todo to '/tmp/todo'",
  "copy todo from program 'true'",
  'listen a',
  "notify a, 'b'",
  'discard all',
  'reset role',
  'set role postgres',
  "set session_replication_role = 'replica'",
  'set default_transaction_read_only = off',
  'reset default_transaction_read_only',
  'begin read write',
  'set transaction read write',
  'set session characteristics as transaction read write',
  `select nextval('todo_id_seq')`,
  `select pg_catalog.setval('todo_id_seq', 1)`,
  'select pg_advisory_lock(1)',
  'select pg_try_advisory_xact_lock(1)',
  'select pg_terminate_backend(pid) from pg_stat_activity',
  'select pg_stat_reset()',
  'select pg_reload_conf()',
  'select pg_current_xact_id()',
  `select set_config('transaction_read_only', 'off', false)`,
  `select query_to_xml('delete from todo', true, true, '')`,
  `select dblink_exec('', 'delete from todo')`,
])('the read guard refuses: %s', (text) => {
  expect(() => guard(text)).toThrow(WriteRefused);
});

it('the error of the read guard names the kind of statement and contains no value', () => {
  expect(() => guard(`insert into todo (title) values ('hunter2')`)).toThrow(
    /may only read this database: it contains Insert$/,
  );
});

it('the read guard passes text that is not SQL to the server', () => {
  expect(() => guard('selekt 1')).not.toThrow();
});
