/** For each check of the group: cases that it finds, and similar harmless cases. */
import type { Status } from '../../src/result.ts';

/** Statements of the database's owner, unless they begin with `superuser:`. */
export type Sql = readonly string[];

/**
 * The role that runs the verifier: the owner of the database, the server's superuser, or a role that the statements create with PASSWORD.
 */
export type Door = 'owner' | 'superuser' | 'app_user' | 'worker';

export interface Poison {
  readonly id: string;
  readonly title: string;
  readonly sql: Sql;
  readonly door?: Door;
  /** A part of the finding's text. */
  readonly have: string;
  /** Default: `warn`. */
  readonly status?: Status;
  /** The role that runs the remedy. Default: the owner. */
  readonly fixer?: 'superuser';
  /** The status of the check after the remedy. Default: `pass`. */
  readonly after?: Status;
}

export interface Harmless {
  readonly title: string;
  readonly sql: Sql;
  readonly door?: Door;
}

export const PASSWORD = 'test-secret';
/** Roles that a case may create on the server. They are dropped after the case. */
export const ROLES = ['app_user', 'worker', 'neon_superuser'];

const NOTE = 'create table note (id serial primary key, author text not null)';
const BOOK = 'create table book (id int primary key)';
const ENABLE = 'alter table note enable row level security';
const FORCE = 'alter table note force row level security';
const POLICY = 'create policy own on note using (author = current_user)';
const APP_USER = `create role app_user login password '${PASSWORD}'`;
const WORKER = `superuser: create role worker login bypassrls password '${PASSWORD}'`;
const GRANT = 'grant select, insert, update, delete on note to app_user';
const POLICY_OF_APP_USER = 'create policy own on note to app_user using (author = current_user)';
/** A table with policies for another role than its owner. */
const SPLIT = [NOTE, ENABLE, APP_USER, GRANT, POLICY_OF_APP_USER];
const FORCED = [NOTE, ENABLE, FORCE, POLICY];
const compareWith = (setting: string) => [NOTE, ENABLE, FORCE, `create policy own on note using (author = ${setting})`];
const definer = (rest: string, body = 'select count(*) from note') => [
  NOTE,
  `create function notes() returns bigint language sql security definer ${rest} as '${body}'`,
];
const ONLY_APP_USER = [
  APP_USER,
  'revoke execute on function notes() from public',
  'grant execute on function notes() to app_user',
];

export const POISONS: readonly Poison[] = [
  {
    id: 'security/rls-disabled',
    title: 'a policy on a table whose row security is disabled',
    sql: [NOTE, POLICY, FORCE],
    have: 'note has policies (own), and its row security is disabled',
    status: 'fail',
  },
  {
    id: 'security/rls-owner',
    title: 'the owner connects, and no other role uses the table',
    sql: [NOTE, ENABLE, POLICY],
    have: 'the policies of note do not restrict todo, its owner',
  },
  {
    id: 'security/rls-owner',
    title: 'a superuser runs the checks, and the owner can log in',
    sql: [NOTE, ENABLE, POLICY],
    door: 'superuser',
    have: 'the policies of note do not restrict todo, its owner',
  },
  {
    id: 'security/rls-owner',
    title: 'the owner connects, and the policies restrict another role',
    sql: [NOTE, ENABLE, POLICY, APP_USER, GRANT],
    have: 'the policies of note do not restrict todo, its owner; they restrict app_user',
    status: 'info',
  },
  {
    id: 'security/rls-owner',
    title: 'the role that connects is a member of the owner',
    sql: [
      'create role app_user',
      'grant create on schema public to app_user',
      'grant app_user to current_user',
      NOTE,
      ENABLE,
      POLICY,
      'alter table note owner to app_user',
    ],
    have: 'the policies of note do not restrict app_user, its owner',
  },
  {
    id: 'security/rls-bypass',
    title: 'a superuser connects, and no other role uses the table',
    sql: FORCED.map((statement) => `superuser: ${statement}`),
    door: 'superuser',
    have: 'this role, postgres, is a superuser: the policies of note do not restrict it',
    fixer: 'superuser',
    after: 'info',
  },
  {
    id: 'security/rls-bypass',
    title: 'a role with BYPASSRLS connects',
    sql: [...FORCED, WORKER, 'grant select on note to worker', 'revoke all on note from current_user'],
    door: 'worker',
    have: 'this role, worker, has BYPASSRLS: the policies of note do not restrict it',
    fixer: 'superuser',
  },
  {
    id: 'security/rls-bypass',
    title: 'a role of Neon’s console connects, which has BYPASSRLS',
    sql: [
      WORKER,
      'superuser: create role neon_superuser nologin bypassrls',
      'superuser: grant neon_superuser to worker',
      ...[NOTE, ENABLE, POLICY, 'alter table note owner to worker'].map((statement) => `superuser: ${statement}`),
    ],
    door: 'worker',
    have: 'this role, worker, has BYPASSRLS: the policies of note do not restrict it',
    fixer: 'superuser',
    after: 'info',
  },
  {
    id: 'security/rls-bypass',
    title: 'another role with BYPASSRLS uses the table',
    sql: [...FORCED, WORKER, 'grant select (id) on note to worker'],
    have: 'role worker has BYPASSRLS: the policies of note do not restrict it',
    status: 'info',
    fixer: 'superuser',
  },
  {
    id: 'security/rls-view',
    title: 'a view of the owner that others may read',
    sql: [...SPLIT, 'create view notes as select * from note', 'grant select on notes to app_user'],
    have: 'the view notes, which app_user may read, reads note as todo, which the policies do not restrict',
  },
  {
    id: 'security/rls-view',
    title: 'a view with security_invoker over a view without',
    sql: [
      ...SPLIT,
      'create schema inner_part',
      'create view inner_part.all_notes as select * from note',
      'create view notes with (security_invoker = on) as select * from inner_part.all_notes',
      'grant select on notes to public',
    ],
    have: 'the view notes, which PUBLIC may read, reads note through inner_part.all_notes as todo, which the policies do not restrict',
  },
  {
    id: 'security/rls-view',
    title: 'two nested views without security_invoker',
    sql: [
      ...SPLIT,
      'create view all_notes as select * from note',
      'create view notes as select * from all_notes',
      'grant select on notes to app_user',
    ],
    have: 'the view notes, which app_user may read, reads note through all_notes as todo, which the policies do not restrict',
  },
  {
    id: 'security/rls-view',
    title: 'a materialized view that others may read',
    sql: [...SPLIT, 'create materialized view notes as select * from note', 'grant select on notes to app_user'],
    have: 'the view notes, which app_user may read, reads note as todo, which the policies do not restrict',
  },
  {
    id: 'security/rls-setting',
    title: 'a setting that raises an error if it is missing',
    sql: compareWith(`current_setting('app.who')`),
    have: 'policy own of note compares with app.who, which no server, database or role setting sets',
    status: 'info',
  },
  {
    id: 'security/rls-setting',
    title: 'a setting that may be missing, and is the empty string later',
    sql: compareWith(`(select current_setting('app.who', true))`),
    have: 'policy own of note compares with app.who, which no server, database or role setting sets',
    status: 'info',
  },
  {
    id: 'security/rls-setting',
    title: 'a setting that no session can set',
    sql: compareWith(`current_setting('who', true)`),
    have: 'policy own of note compares with who, an unknown setting of PostgreSQL',
  },
  {
    id: 'security/definer-search-path',
    title: 'a function that other roles may call',
    sql: [...definer(''), ...ONLY_APP_USER],
    have: 'public.notes() runs as todo with the search_path of its caller',
  },
  {
    id: 'security/definer-search-path',
    title: 'a trigger function',
    sql: [
      'create schema "Audit"',
      `create function "Audit"."Stamp"() returns trigger language plpgsql security definer as 'begin return new; end'`,
      'revoke execute on function "Audit"."Stamp"() from public',
    ],
    have: '"Audit"."Stamp"() runs as todo with the search_path of its caller',
  },
  {
    id: 'security/definer-search-path',
    title: 'a search_path without pg_temp as its last entry',
    sql: [...definer('set search_path = public'), ...ONLY_APP_USER],
    have: 'public.notes() runs as todo with search_path public',
    status: 'info',
  },
  {
    id: 'security/definer-public',
    title: 'a procedure that PUBLIC may call',
    sql: [
      NOTE,
      `create procedure clear(integer) language sql security definer set search_path = '' as 'delete from public.note where id = $1'`,
    ],
    have: 'PUBLIC may execute public.clear(integer), which runs as todo',
  },
  {
    id: 'security/public-grant',
    title: 'a table',
    sql: [NOTE, 'grant select, update on note to public'],
    have: 'PUBLIC has SELECT, UPDATE on TABLE public.note',
  },
  {
    id: 'security/public-grant',
    title: 'columns',
    sql: [NOTE, 'grant select (id, author) on note to public'],
    have: 'PUBLIC has SELECT (id), SELECT (author) on TABLE public.note',
  },
  {
    id: 'security/public-grant',
    title: 'a sequence',
    sql: [NOTE, 'grant usage on note_id_seq to public'],
    have: 'PUBLIC has USAGE on SEQUENCE public.note_id_seq',
  },
  {
    id: 'security/public-grant',
    title: 'a schema',
    sql: ['create schema "Open"', 'grant usage, create on schema "Open" to public'],
    have: 'PUBLIC has CREATE on SCHEMA "Open"',
  },
  {
    id: 'security/public-grant',
    title: 'the database',
    sql: ['grant create on database :database to public'],
    have: 'PUBLIC has CREATE on DATABASE ',
  },
  {
    id: 'security/public-grant',
    title: 'a function that PUBLIC may call against the default privileges',
    sql: [
      'alter default privileges revoke execute on functions from public',
      `create function one() returns int language sql as 'select 1'`,
      'grant execute on function one() to public',
    ],
    have: 'PUBLIC has EXECUTE on ROUTINE public.one()',
  },
  {
    id: 'security/public-grant',
    title: 'a function of PostgreSQL that reads files',
    sql: ['superuser: grant execute on function pg_read_file(text) to public'],
    have: 'PUBLIC has EXECUTE on FUNCTION pg_read_file(text)',
    fixer: 'superuser',
  },
  {
    id: 'security/default-privileges',
    title: 'tables for PUBLIC',
    sql: ['alter default privileges grant select, insert on tables to public'],
    have: 'new tables of todo: INSERT, SELECT for PUBLIC',
  },
  {
    id: 'security/default-privileges',
    title: 'functions of one schema for PUBLIC',
    sql: ['create schema "Api"', 'alter default privileges in schema "Api" grant execute on functions to public'],
    have: 'new functions of todo in Api: EXECUTE for PUBLIC',
  },
  {
    id: 'security/default-privileges',
    title: 'functions for another role, in addition to the defaults of PUBLIC',
    sql: [APP_USER, 'alter default privileges grant execute on functions to app_user'],
    have: 'new functions of todo: EXECUTE for app_user',
    status: 'info',
  },
  {
    id: 'security/default-privileges',
    title: 'sequences for another role',
    sql: [APP_USER, 'alter default privileges in schema public grant usage on sequences to app_user'],
    have: 'new sequences of todo in public: USAGE for app_user',
    status: 'info',
  },
  {
    id: 'security/extension',
    title: 'dblink in public',
    sql: ['superuser: create extension dblink'],
    have: 'functions of the extension dblink, such as public.dblink',
    fixer: 'superuser',
  },
  {
    id: 'security/extension',
    title: 'an extension in a schema where PUBLIC may create objects',
    sql: ['create schema tools', 'create extension citext schema tools', 'grant create on schema tools to public'],
    have: 'the extension citext is in the schema tools, where PUBLIC may create objects',
  },
];

export const HARMLESS: readonly Harmless[] = [
  { title: 'policies that restrict the owner as well', sql: FORCED },
  { title: 'row security without a policy, which excludes all roles but the owner', sql: [NOTE, ENABLE] },
  { title: 'policies for another role, seen by the owner', sql: SPLIT },
  { title: 'policies for another role, seen by that role', sql: SPLIT, door: 'app_user' },
  {
    title: 'policies for PUBLIC, seen by a role that does not own the table',
    sql: [NOTE, ENABLE, POLICY, APP_USER, GRANT],
    door: 'app_user',
  },
  { title: 'a superuser and a table without policies', sql: [NOTE, ENABLE], door: 'superuser' },
  { title: 'a role with BYPASSRLS that has no rights on the table', sql: [...FORCED, WORKER] },
  {
    title: 'a view with security_invoker',
    sql: [
      ...SPLIT,
      'create view notes with (security_invoker = true) as select * from note',
      'grant select on notes to app_user',
    ],
  },
  { title: 'a view without privileges for other roles', sql: [...SPLIT, 'create view notes as select * from note'] },
  {
    title: 'a view of a table without policies',
    sql: [...SPLIT, BOOK, 'create view books as select * from book', 'grant select on books to app_user'],
  },
  {
    title: 'a view whose owner is restricted by the policies',
    sql: [...FORCED, APP_USER, 'create view notes as select * from note', 'grant select on notes to app_user'],
  },
  { title: 'a setting that is NULL until it is set', sql: compareWith(`nullif(current_setting('app.who', true), '')`) },
  {
    title: 'a setting that the database has',
    sql: [...compareWith(`current_setting('app.who')`), `superuser: alter database :database set app.who = 'nobody'`],
  },
  { title: 'a setting of PostgreSQL', sql: compareWith(`current_setting('role')`) },
  { title: 'a function with a search_path', sql: [...definer('set search_path = public, pg_temp'), ...ONLY_APP_USER] },
  {
    title: 'a function with an empty search_path',
    sql: [...definer(`set search_path = ''`, 'select count(*) from public.note'), ...ONLY_APP_USER],
  },
  {
    title: 'a function whose body is parsed at its creation',
    sql: [
      NOTE,
      'create function notes() returns bigint language sql security definer begin atomic select count(*) from note; end',
      ...ONLY_APP_USER,
    ],
  },
  {
    title: 'a function that only its owner may call',
    sql: [...definer(''), 'revoke execute on function notes() from public'],
  },
  {
    title: 'a function with the rights of its caller',
    sql: [`create function one() returns int language sql as 'select 1'`],
  },
  {
    title: 'a function with the rights of its owner in a schema that others cannot use',
    sql: [
      'create schema inside',
      APP_USER,
      'grant usage on schema inside to app_user',
      `create function inside.one() returns int language sql security definer set search_path = '' as 'select 1'`,
    ],
  },
  {
    title: 'rights of a role, and USAGE of a schema for PUBLIC',
    sql: [NOTE, APP_USER, GRANT, 'create schema api', 'grant usage on schema api to public'],
  },
  {
    title: 'default privileges that revoke a right',
    sql: ['alter default privileges revoke execute on functions from public'],
  },
  { title: 'extensions that stay in the database', sql: ['create extension citext', 'create extension pgcrypto'] },
  {
    title: 'dblink in a schema that no other role may use',
    sql: [
      'superuser: create schema dblink',
      'superuser: create extension dblink schema dblink',
      APP_USER,
      'superuser: grant usage on schema dblink to app_user',
    ],
  },
];
