/** Manual changes to the database of `fixture.ts`. A comparison must report each. */

import type { Role } from './databases.ts';
import { LONG, readersOfPerson } from './fixture.ts';

export interface Sabotage {
  readonly title: string;
  readonly sql: readonly string[];
  /** The lines of `describeDifference`. */
  readonly finds: readonly string[];
  /** The first major version of PostgreSQL on which the statements run. Default 15. */
  readonly since?: number;
  /** The only role that can run the statements, or for which they make this difference. */
  readonly role?: Role;
  /** Statements that undo the change, if `reconcile` returns none. */
  readonly undo?: readonly string[];
}

export const sabotages: readonly Sabotage[] = [
  {
    title: 'a schema is gone',
    sql: [`drop view app.events`, `alter table public.person drop column loud_name`, `drop schema app cascade`],
    finds: [
      `schema app: missing, wanted schema`,
      `table busy: missing, wanted view`,
      `column person.address: missing, wanted app.address`,
      `column person.contact: missing, wanted app.email`,
      `column person.loud_name: missing, wanted text GENERATED ALWAYS AS (app.shout(full_name)) STORED`,
      `column person.mood: missing, wanted app.mood DEFAULT 'it''s ok'::app.mood NOT NULL`,
      `column person.moods: missing, wanted app.mood[]`,
      `trigger person.late: missing, wanted CREATE CONSTRAINT TRIGGER late AFTER INSERT ON public.person DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.touch()`,
      `trigger team.touch: missing, wanted CREATE TRIGGER touch BEFORE UPDATE ON public.team FOR EACH ROW WHEN (((old.name)::text IS DISTINCT FROM (new.name)::text)) EXECUTE FUNCTION app.touch()`,
    ],
  },
  {
    title: 'a schema is renamed',
    sql: [`alter schema app rename to elsewhere`],
    finds: [
      `schema app: missing, wanted schema`,
      `schema elsewhere: not wanted, is schema`,
      `object foreign key elsewhere.event event_person_id_fkey: not wanted, is foreign key`,
      `column person.address: type is elsewhere.address, wanted app.address`,
      `column person.contact: type is elsewhere.email, wanted app.email`,
      `column person.loud_name: generated is (elsewhere.shout(full_name)) STORED, wanted (app.shout(full_name)) STORED`,
      `column person.mood: default is 'it''s ok'::elsewhere.mood, wanted 'it''s ok'::app.mood`,
      `column person.mood: type is elsewhere.mood, wanted app.mood`,
      `column person.moods: type is elsewhere.mood[], wanted app.mood[]`,
      `trigger person.late: definition is CREATE CONSTRAINT TRIGGER late AFTER INSERT ON public.person DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION elsewhere.touch(), wanted CREATE CONSTRAINT TRIGGER late AFTER INSERT ON public.person DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.touch()`,
      `trigger team.touch: definition is CREATE TRIGGER touch BEFORE UPDATE ON public.team FOR EACH ROW WHEN (((old.name)::text IS DISTINCT FROM (new.name)::text)) EXECUTE FUNCTION elsewhere.touch(), wanted CREATE TRIGGER touch BEFORE UPDATE ON public.team FOR EACH ROW WHEN (((old.name)::text IS DISTINCT FROM (new.name)::text)) EXECUTE FUNCTION app.touch()`,
    ],
  },
  {
    title: 'an extension lies in another schema',
    sql: [`alter extension citext set schema app`],
    finds: [
      `extension citext: schema is app, wanted public`,
      `column person.email: type is app.citext, wanted public.citext`,
    ],
    role: 'superuser',
  },

  {
    title: 'an enum lacks its first label',
    sql: [`alter type public.priority rename value 'low' to 'zero'`],
    finds: [
      `type priority: labels is 'zero', 'high', wanted 'low', 'high'`,
      `column person.priority: default is 'zero'::public.priority, wanted 'low'::public.priority`,
    ],
  },
  {
    title: 'an enum has a label more',
    sql: [`alter type app.mood add value 'angry' before 'sad'`],
    finds: [`type app.mood: labels is 'angry', 'sad', 'it''s ok', 'happy', wanted 'sad', 'it''s ok', 'happy'`],
  },
  {
    title: 'an enum lacks a label in the middle',
    sql: [
      `drop view public.busy cascade`,
      `alter type app.mood rename to old`,
      `create type app.mood as enum ('sad', 'happy')`,
      `revoke usage on type app.mood from public`,
      `alter table public.person no force row level security`,
      `update public.person set mood = 'sad'`,
      `alter table public.person force row level security`,
      `alter table public.person alter mood drop default, alter mood type app.mood using mood::text::app.mood, alter moods type app.mood[] using moods::text[]::app.mood[]`,
      `drop type app.old`,
    ],
    finds: [
      `type app.mood: labels is 'sad', 'happy', wanted 'sad', 'it''s ok', 'happy'`,
      `table app.busy_teams: missing, wanted view`,
      `table busy: missing, wanted view`,
      `column person.mood: default is none, wanted 'it''s ok'::app.mood`,
    ],
  },
  {
    title: 'an enum has its labels in another order',
    sql: [
      `alter type public.priority rename value 'low' to 'x'`,
      `alter type public.priority rename value 'high' to 'low'`,
      `alter type public.priority rename value 'x' to 'high'`,
    ],
    finds: [
      `type priority: labels is 'high', 'low', wanted 'low', 'high'`,
      `column person.priority: default is 'high'::public.priority, wanted 'low'::public.priority`,
    ],
  },
  {
    title: 'a type too many',
    sql: [`create type app.colour as enum ('red')`],
    finds: [`type app.colour: not wanted, is ENUM ('red')`],
  },
  {
    title: 'a domain without one of its checks',
    sql: [`alter domain app.email drop constraint has_at`],
    finds: [`domain constraint app.email.has_at: missing, wanted CHECK ((VALUE ~~ '%@%'::text))`],
  },
  {
    title: 'a domain with another check of the same name',
    sql: [
      `alter domain app.email drop constraint short`,
      `alter domain app.email add constraint short check (length(value) < 300)`,
    ],
    finds: [
      `domain constraint app.email.short: definition is CHECK ((length(VALUE) < 300)), wanted CHECK ((length(VALUE) < 200))`,
    ],
  },
  {
    title: 'a domain that takes NULL',
    sql: [`alter domain app.email drop not null`],
    finds: [`type app.email: nullability is null, wanted not null`],
  },
  {
    title: 'a domain with another default',
    sql: [`alter domain app.email set default 'x@y'`],
    finds: [`type app.email: default is 'x@y'::text, wanted 'a@b'::text`],
  },
  {
    title: 'a composite type without an attribute',
    sql: [`alter type app.address drop attribute zip`, `alter type app.address add attribute zip varchar(10)`],
    finds: [
      `type app.address: attributes is street text, country character(2), zip character varying(10), wanted street text, zip character varying(10), country character(2)`,
    ],
    undo: [`alter type app.address drop attribute country`, `alter type app.address add attribute country char(2)`],
  },
  {
    title: 'a composite type with an attribute more',
    sql: [`alter type app.address add attribute planet text`],
    finds: [
      `type app.address: attributes is street text, zip character varying(10), country character(2), planet text, wanted street text, zip character varying(10), country character(2)`,
    ],
  },
  {
    title: 'a range over another type',
    sql: [`drop type app.span`, `create type app.span as range (subtype = int4)`],
    finds: [
      `type app.span: subtype is SUBTYPE = integer, MULTIRANGE_TYPE_NAME = app.span_multirange, wanted SUBTYPE = double precision, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = app.span_multirange`,
    ],
  },

  {
    title: 'a function with an empty body',
    sql: [`create or replace function app.touch() returns trigger language plpgsql as $$ begin return new; end $$`],
    finds: [
      `function app.touch(): definition is CREATE OR REPLACE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $function$ begin return new; end $function$, wanted CREATE OR REPLACE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $function$ begin perform now(); return new; end $function$`,
    ],
  },
  {
    title: 'a function without its search_path',
    sql: [`alter function app.secret() reset all`],
    finds: [
      `function app.secret(): definition is CREATE OR REPLACE FUNCTION app.secret() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER AS $function$select 1$function$, wanted CREATE OR REPLACE FUNCTION app.secret() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$select 1$function$`,
    ],
  },
  {
    title: 'a function with the rights of its caller',
    sql: [`alter function app.secret() security invoker`],
    finds: [
      `function app.secret(): definition is CREATE OR REPLACE FUNCTION app.secret() RETURNS integer LANGUAGE sql STABLE SET search_path TO '' AS $function$select 1$function$, wanted CREATE OR REPLACE FUNCTION app.secret() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$select 1$function$`,
    ],
  },
  {
    title: 'a function of another volatility',
    sql: [`alter function app.secret() volatile`],
    finds: [
      `function app.secret(): definition is CREATE OR REPLACE FUNCTION app.secret() RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path TO '' AS $function$select 1$function$, wanted CREATE OR REPLACE FUNCTION app.secret() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$select 1$function$`,
    ],
  },
  {
    title: 'a function that gives another type',
    sql: [
      `drop function app.secret()`,
      `create function app.secret() returns bigint language sql stable security definer set search_path to '' as 'select 1'`,
    ],
    finds: [
      `function app.secret(): definition is CREATE OR REPLACE FUNCTION app.secret() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$select 1$function$, wanted CREATE OR REPLACE FUNCTION app.secret() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$select 1$function$`,
      `access app.function secret(): others is PUBLIC EXECUTE, wanted none`,
    ],
  },
  {
    title: 'a function that is gone',
    sql: [`drop function app.secret()`],
    finds: [`function app.secret(): missing, wanted FUNCTION app.secret() RETURNS integer`],
  },
  {
    title: 'a function too many, of the same name',
    sql: [`create function app.secret(integer) returns integer language sql as 'select 1'`],
    finds: [`function app.secret(integer): not wanted, is FUNCTION app.secret(integer) RETURNS integer`],
  },
  {
    title: 'a function that columns are generated by',
    sql: [`create or replace function app.shout(words text) returns text language sql immutable as $$ select words $$`],
    finds: [
      `function app.shout(text): definition is CREATE OR REPLACE FUNCTION app.shout(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $function$ select words $function$, wanted CREATE OR REPLACE FUNCTION app.shout(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $function$ select upper(words) $function$`,
    ],
  },
  {
    title: 'a procedure that is gone',
    sql: [`drop procedure app.tidy`],
    finds: [`function app.tidy(integer): missing, wanted PROCEDURE app.tidy(IN days integer DEFAULT 30)`],
  },
  {
    title: 'a function that everybody may run',
    sql: [`grant execute on function app.secret() to public`],
    finds: [`access app.function secret(): others is PUBLIC EXECUTE, wanted none`],
  },
  {
    title: 'a function that only its owner may run',
    sql: [`revoke execute on function app.touch() from public`],
    finds: [`access app.function touch(): others is none, wanted PUBLIC EXECUTE`],
  },

  {
    title: 'a table that is gone',
    sql: [`drop table app."Odd Child"`],
    finds: [`table app.Odd Child: missing, wanted table`],
  },
  {
    title: 'a table that is gone, with all that refers to it',
    sql: [`truncate public.team cascade`, `drop table public.team cascade`],
    finds: [
      `table app.busy_teams: missing, wanted view`,
      `constraint person.person_team_id_fkey: missing, wanted FOREIGN KEY (team_id) REFERENCES public.team(id) ON DELETE CASCADE`,
      `table team: missing, wanted table`,
    ],
  },
  {
    title: 'a partition that is gone',
    sql: [`drop table app.event_rest`],
    finds: [`table app.event_rest: missing, wanted table`],
  },
  {
    title: 'a partition that is detached',
    sql: [`alter table app.event detach partition app.event_2025`],
    finds: [
      `table app.event: list of child tables is app.event_rest, wanted app.event_2025, app.event_rest`,
      `table app.event_2025: inherits is none, wanted app.event`,
      `table app.event_2025: partition bound is none, wanted FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00')`,
      `index app.event_2025.event_2025_person_id_idx: not wanted, is CREATE INDEX event_2025_person_id_idx ON app.event_2025 USING btree (person_id)`,
      `constraint app.event_2025.event_2025_pkey: not wanted, is PRIMARY KEY (id, at)`,
      `constraint app.event_2025.event_person_id_fkey: not wanted, is FOREIGN KEY (person_id) REFERENCES public.person(id) ON UPDATE CASCADE`,
    ],
  },
  {
    title: 'a partitioned table that is gone',
    sql: [`drop table app.event cascade`],
    finds: [
      `table app.event: missing, wanted partitioned table`,
      `table app.event_2025: missing, wanted table`,
      `table app.event_rest: missing, wanted table`,
      `table app.events: missing, wanted view`,
    ],
  },
  {
    title: 'tables too many, which refer to each other',
    sql: [
      `create table app.a (id integer primary key)`,
      `create table app.b (id integer primary key references app.a)`,
      `alter table app.a add foreign key (id) references app.b`,
    ],
    finds: [`table app.a: not wanted, is table`, `table app.b: not wanted, is table`],
  },
  {
    title: 'a logged cache',
    sql: [`alter table app.cache set logged`],
    finds: [`table app.cache: persistence is permanent, wanted unlogged`],
  },
  {
    title: 'other storage options',
    sql: [`alter table app.cache reset (fillfactor)`, `alter table app.cache set (autovacuum_enabled = false)`],
    finds: [`table app.cache: options is autovacuum_enabled=false, wanted fillfactor=70`],
  },
  {
    title: 'a table that reports its old rows',
    sql: [`alter table public.team replica identity full`],
    finds: [`table team: replica identity is full, wanted default`],
  },
  {
    title: 'a table that inherits',
    sql: [`create table app.parent ()`, `alter table public.team inherit app.parent`],
    finds: [`table app.parent: not wanted, is table`, `table team: inherits is app.parent, wanted none`],
  },

  {
    title: 'a column that is gone',
    sql: [`alter table public.team drop column lead_id`, `alter table public.team add column lead_id integer`],
    finds: [
      `table team: column order is id, name, code, created_at, lead_id, wanted id, name, lead_id, code, created_at`,
      `constraint team.team_lead_fk: missing, wanted FOREIGN KEY (lead_id) REFERENCES public.person(id) DEFERRABLE INITIALLY DEFERRED`,
    ],
  },
  {
    title: 'a column too many',
    sql: [`alter table public.team add column motto text default 'none'`],
    finds: [`column team.motto: not wanted, is text DEFAULT 'none'::text`],
  },
  {
    title: 'a column of another length',
    sql: [`alter table public.team alter code type varchar(10)`],
    finds: [`column team.code: type is character varying(10), wanted character varying(20)`],
  },
  {
    title: 'a column of another type, with a default',
    sql: [
      `alter table public.person alter priority drop default, alter priority type text`,
      `alter table public.person alter priority set default 'low'`,
    ],
    finds: [
      `column person.priority: default is 'low'::text, wanted 'low'::public.priority`,
      `column person.priority: type is text, wanted public.priority`,
    ],
  },
  {
    title: 'a column that a view reads, of another type',
    sql: [
      `drop view public.busy cascade`,
      `drop policy everybody on public.person`,
      `drop index public.person_lower`,
      `drop view app.totals`,
      `alter table public.person alter score type integer`,
    ],
    finds: [
      `table app.busy_teams: missing, wanted view`,
      `table app.totals: missing, wanted view`,
      `table busy: missing, wanted view`,
      `column person.score: type is integer, wanted numeric(10,2)`,
      `index person.person_lower: missing, wanted CREATE INDEX person_lower ON public.person USING btree (lower(full_name) DESC) INCLUDE (score) WHERE (score > (0)::numeric)`,
      `constraint person.person_score_check: terms is CHECK (((score)::numeric >= (0)::numeric)), wanted CHECK ((score >= (0)::numeric))`,
      `policy person.everybody: missing, wanted PERMISSIVE FOR ALL TO PUBLIC USING ((score > (0)::numeric)) WITH CHECK ((score > (1)::numeric))`,
    ],
  },
  {
    title: 'a column of another collation',
    sql: [
      `alter table public.person drop column loud_name`,
      `drop view public.busy cascade`,
      `drop function public.people`,
      `alter table public.person alter full_name type text collate "POSIX"`,
    ],
    finds: [
      `table app.busy_teams: missing, wanted view`,
      `function people(integer): missing, wanted FUNCTION public.people(of integer) RETURNS TABLE(id integer, name text)`,
      `table busy: missing, wanted view`,
      `column person.full_name: collation is "POSIX", wanted "C"`,
      `column person.loud_name: missing, wanted text GENERATED ALWAYS AS (app.shout(full_name)) STORED`,
      `index person.person_lower: keys is lower(full_name) COLLATE "POSIX" DESC, wanted lower(full_name) COLLATE "C" DESC`,
    ],
  },
  {
    title: 'a column of another length, which views, a function, an index and a generated column read',
    sql: [
      `alter table public.person drop column loud_name`,
      `drop view public.busy cascade`,
      `drop function public.people`,
      `alter table public.person alter full_name type varchar(300) collate "C"`,
      ...readersOfPerson,
      `alter table public.person add column loud_name text generated always as (app.shout(full_name)) stored`,
    ],
    finds: [
      `access app.busy_teams.busy_teams: others is PUBLIC SELECT, wanted none`,
      `table person: column order is id, team_id, boss_id, email, mood, moods, priority, address, contact, full_name, active, score, loud_name, wanted id, team_id, boss_id, email, mood, moods, priority, address, contact, full_name, loud_name, active, score`,
      `column person.full_name: type is character varying(300), wanted text`,
      `column person.loud_name: generated is (app.shout((full_name)::text)) STORED, wanted (app.shout(full_name)) STORED`,
      `index person.person_lower: keys is lower((full_name)::text) COLLATE "C" DESC, wanted lower(full_name) COLLATE "C" DESC`,
    ],
  },
  {
    title: 'a function that views call gives another type',
    sql: [
      `drop view app.totals`,
      `drop function app.team_count()`,
      `create function app.team_count() returns integer language sql stable as 'select 1'`,
      `create view app.totals as select app.total(score) as total, app.team_count() as teams from public.person`,
    ],
    finds: [
      `function app.team_count(): definition is CREATE OR REPLACE FUNCTION app.team_count() RETURNS integer LANGUAGE sql STABLE AS $function$select 1$function$, wanted CREATE OR REPLACE FUNCTION app.team_count() RETURNS bigint LANGUAGE sql STABLE AS $function$select count(*) from public.team$function$`,
      `access app.totals.totals: others is PUBLIC SELECT, wanted none`,
    ],
  },
  {
    title: 'an aggregate that is gone',
    sql: [`drop aggregate app.total(numeric) cascade`],
    finds: [
      `function app.total(numeric): missing, wanted AGGREGATE app.total(numeric) (SFUNC = numeric_add, STYPE = numeric, INITCOND = '0')`,
      `table app.totals: missing, wanted view`,
    ],
  },
  {
    title: 'an aggregate that starts elsewhere',
    sql: [`create or replace aggregate app.total(numeric) (sfunc = numeric_add, stype = numeric, initcond = '1')`],
    finds: [
      `function app.total(numeric): definition is CREATE AGGREGATE app.total(numeric) (SFUNC = numeric_add, STYPE = numeric, INITCOND = '1'), wanted CREATE AGGREGATE app.total(numeric) (SFUNC = numeric_add, STYPE = numeric, INITCOND = '0')`,
    ],
  },
  {
    title: 'a child that no longer inherits',
    sql: [`alter table app.audit no inherit app.log`],
    finds: [
      `table app.audit: inherits is none, wanted app.log`,
      `table app.log: list of child tables is none, wanted app.audit`,
    ],
  },
  {
    title: 'a parent with a column more',
    sql: [`alter table app.log add column more text`],
    finds: [`column app.log.more: not wanted, is text`],
  },
  {
    title: 'a parent that is gone, with its child',
    sql: [`drop table app.log cascade`],
    finds: [`table app.audit: missing, wanted table`, `table app.log: missing, wanted table`],
  },
  {
    title: 'a column that takes NULL',
    sql: [`alter table public.team alter name drop not null`],
    finds: [`column team.name: nullability is null, wanted not null`],
  },
  {
    title: 'a column that takes NULL no longer',
    sql: [
      `alter table public.team alter lead_id set default 1`,
      `update public.team set lead_id = 1`,
      `alter table public.team alter lead_id set not null`,
    ],
    finds: [
      `column team.lead_id: default is 1, wanted none`,
      `column team.lead_id: nullability is not null, wanted null`,
    ],
  },
  {
    title: 'a default that is gone',
    sql: [`alter table public.team alter created_at drop default`],
    finds: [`column team.created_at: default is none, wanted now()`],
  },
  {
    title: 'a default that counts with a sequence is gone',
    sql: [`drop sequence public.person_id_seq cascade`],
    finds: [
      `column person.id: default is none, wanted nextval('public.person_id_seq'::regclass)`,
      `sequence person.person_id_seq: missing, wanted integer`,
    ],
  },
  {
    title: 'a column generated otherwise',
    sql: [
      `alter table public.person drop column loud_name`,
      `alter table public.person add column loud_name text generated always as (upper(full_name)) stored`,
    ],
    finds: [
      `table person: column order is id, team_id, boss_id, email, mood, moods, priority, address, contact, full_name, active, score, loud_name, wanted id, team_id, boss_id, email, mood, moods, priority, address, contact, full_name, loud_name, active, score`,
      `column person.loud_name: generated is (upper(full_name)) STORED, wanted (app.shout(full_name)) STORED`,
    ],
  },
  {
    title: 'an identity that is gone',
    sql: [`alter table public.team alter id drop identity`],
    finds: [`column team.id: identity is none, wanted ALWAYS`, `sequence team.team_id_seq: missing, wanted integer`],
  },
  {
    title: 'an identity by default',
    sql: [`alter table public.team alter id set generated by default`],
    finds: [`column team.id: identity is BY DEFAULT, wanted ALWAYS`],
  },
  {
    title: 'a virtual column too many',
    sql: [`alter table public.team add column double text generated always as (name || name) virtual`],
    finds: [`column team.double: not wanted, is text GENERATED ALWAYS AS (((name)::text || (name)::text)) VIRTUAL`],
    since: 18,
  },

  {
    title: 'a view with another filter',
    sql: [`create or replace view public.busy as select id, full_name, mood from public.person`],
    finds: [
      `view busy.busy: definition is SELECT id, full_name, mood FROM public.person, wanted SELECT id, full_name, mood FROM public.person WHERE (score > (10)::numeric)`,
    ],
  },
  {
    title: 'a view with a column more',
    sql: [
      `create or replace view public.busy as select id, full_name, mood, score from public.person where score > 10`,
    ],
    finds: [
      `view busy.busy: definition is SELECT id, full_name, mood, score FROM public.person WHERE (score > (10)::numeric), wanted SELECT id, full_name, mood FROM public.person WHERE (score > (10)::numeric)`,
    ],
  },
  {
    title: 'a view with a column less',
    sql: [
      `drop view app.busy_teams`,
      `drop view public.busy`,
      `create view public.busy as select id, full_name from public.person where score > 10`,
    ],
    finds: [
      `table app.busy_teams: missing, wanted view`,
      `view busy.busy: definition is SELECT id, full_name FROM public.person WHERE (score > (10)::numeric), wanted SELECT id, full_name, mood FROM public.person WHERE (score > (10)::numeric)`,
      `comment busy: missing, wanted Busy people`,
    ],
  },
  {
    title: 'views that are gone',
    sql: [`drop view public.busy cascade`],
    finds: [`table app.busy_teams: missing, wanted view`, `table busy: missing, wanted view`],
  },
  {
    title: 'a view that runs with the rights of its owner',
    sql: [`alter view app.busy_teams reset (security_invoker)`],
    finds: [`table app.busy_teams: options is none, wanted security_invoker=true`],
  },
  {
    title: 'a materialized view of another query',
    sql: [
      `drop materialized view app.summary`,
      `create materialized view app.summary as select team_id, 2 * count(*) as people from public.person group by team_id`,
      `create unique index summary_team on app.summary (team_id)`,
    ],
    finds: [
      `view app.summary.summary: definition is SELECT team_id, (2 * count(*)) AS people FROM public.person GROUP BY team_id, wanted SELECT team_id, count(*) AS people FROM public.person GROUP BY team_id`,
      `access app.summary.summary: others is PUBLIC SELECT, wanted none`,
    ],
  },
  {
    title: 'a table in the place of a view',
    sql: [`drop view app.events`, `create table app.events (id bigint)`],
    finds: [`table app.events: kind is table, wanted view`],
  },
  {
    title: 'a view too many, and one upon it',
    sql: [`create view app.more as select * from public.team`, `create view public.more as select * from app.more`],
    finds: [`table app.more: not wanted, is view`, `table more: not wanted, is view`],
  },
  {
    title: 'a view that reads another view too many',
    sql: [
      `create view app.more as select id, at, payload, person_id from app.event`,
      `create or replace view app.events as select * from app.more`,
    ],
    finds: [
      `view app.events.events: definition is SELECT id, at, payload, person_id FROM app.more, wanted SELECT id, at, payload, person_id FROM app.event WHERE (EXISTS ( SELECT 1 FROM public.person WHERE (person.id = event.person_id)))`,
      `table app.more: not wanted, is view`,
    ],
  },
  {
    title: 'a default on a view',
    sql: [`alter view public.busy alter full_name set default 'nobody'`],
    finds: [`column busy.full_name: default is 'nobody'::text, wanted none`],
  },

  {
    title: 'an index that is gone',
    sql: [`drop index app.event_person`],
    finds: [
      `index app.event.event_person: missing, wanted CREATE INDEX event_person ON ONLY app.event USING btree (person_id)`,
    ],
  },
  {
    title: 'an index by another name',
    sql: [`alter index public.person_lower rename to person_upper`],
    finds: [`index person.person_lower: is named person_upper`],
  },
  {
    title: 'an index over everything',
    sql: [
      `drop index public.person_lower`,
      `create index person_lower on public.person (lower(full_name) desc) include (score)`,
    ],
    finds: [`index person.person_lower: predicate is none, wanted (score > (0)::numeric)`],
  },
  {
    title: 'an index with a name of 63 bytes is gone',
    sql: [`drop index app.${'i'.repeat(63)}`],
    finds: [
      `index app.${LONG}.${'i'.repeat(63)}: missing, wanted CREATE INDEX ${'i'.repeat(63)} ON app.${LONG} USING btree (${LONG})`,
    ],
  },
  {
    title: 'an index that tells NULLs apart',
    sql: [`drop index public.person_email`, `create unique index person_email on public.person (email)`],
    finds: [`index person.person_email: nulls is distinct, wanted not distinct`],
  },
  {
    title: 'an index too many',
    sql: [`create index on app.cache (value)`],
    finds: [
      `index app.cache.cache_value_idx: not wanted, is CREATE INDEX cache_value_idx ON app.cache USING btree (value)`,
    ],
  },

  {
    title: 'a primary key that is gone, with all that refers to it',
    sql: [`alter table app."Odd ""Table""" drop constraint "Odd ""Table""_pkey" cascade`],
    finds: [
      `constraint app.Odd "Table".Odd "Table"_pkey: missing, wanted PRIMARY KEY ("Key One", "key.two")`,
      `constraint app.Odd Child.Odd FK: missing, wanted FOREIGN KEY (a, b) REFERENCES app."Odd ""Table"""("Key One", "key.two") ON DELETE CASCADE`,
    ],
  },
  {
    title: 'a key of two columns in another order',
    sql: [
      `alter table app."Odd ""Table""" drop constraint "Odd ""Table""_pkey" cascade`,
      `alter table app."Odd ""Table""" add constraint "Odd ""Table""_pkey" primary key ("key.two", "Key One")`,
      `alter table app."Odd Child" add constraint "Odd FK" foreign key (a, b) references app."Odd ""Table""" ("Key One", "key.two") on delete cascade`,
    ],
    finds: [
      `constraint app.Odd "Table".Odd "Table"_pkey: terms is PRIMARY KEY ("key.two", "Key One"), wanted PRIMARY KEY ("Key One", "key.two")`,
    ],
  },
  {
    title: 'a foreign key to itself that is gone',
    sql: [`alter table public.person drop constraint person_boss_id_fkey`],
    finds: [
      `constraint person.person_boss_id_fkey: missing, wanted FOREIGN KEY (boss_id) REFERENCES public.person(id) ON DELETE SET NULL`,
    ],
  },
  {
    title: 'a foreign key that cannot be deferred',
    sql: [`alter table public.team alter constraint team_lead_fk not deferrable`],
    finds: [`constraint team.team_lead_fk: deferrable is not deferrable, wanted initially deferred`],
  },
  {
    title: 'a foreign key that does nothing on delete',
    sql: [
      `alter table public.person drop constraint person_team_id_fkey`,
      `alter table public.person add constraint person_team_id_fkey foreign key (team_id) references public.team`,
    ],
    finds: [
      `constraint person.person_team_id_fkey: terms is FOREIGN KEY (team_id) REFERENCES public.team(id), wanted FOREIGN KEY (team_id) REFERENCES public.team(id) ON DELETE CASCADE`,
    ],
  },
  {
    title: 'a foreign key of a partitioned table that is gone',
    sql: [`alter table app.event drop constraint event_person_id_fkey`],
    finds: [
      `constraint app.event.event_person_id_fkey: missing, wanted FOREIGN KEY (person_id) REFERENCES public.person(id) ON UPDATE CASCADE`,
    ],
  },
  {
    title: 'a check that was never validated',
    sql: [
      `alter table public.person drop constraint person_score_check`,
      `alter table public.person add constraint person_score_check check (score >= 0) not valid`,
    ],
    finds: [`constraint person.person_score_check: validity is not valid, wanted valid`],
  },
  {
    title: 'a check of something else',
    sql: [
      `alter table public.person drop constraint person_score_check`,
      `alter table public.person add constraint person_score_check check (score >= -1)`,
    ],
    finds: [
      `constraint person.person_score_check: terms is CHECK ((score >= ('-1'::integer)::numeric)), wanted CHECK ((score >= (0)::numeric))`,
    ],
  },
  {
    title: 'a check too many',
    sql: [`alter table app.cache add check (value <> '')`],
    finds: [`constraint app.cache.cache_value_check: not wanted, is CHECK ((value <> ''::text))`],
  },
  {
    title: 'a constraint by another name',
    sql: [`alter table public.person rename constraint person_team_id_email_key to one_each`],
    finds: [`constraint person.person_team_id_email_key: is named one_each`],
  },
  {
    title: 'an exclusion that is gone',
    sql: [`alter table public.person drop constraint apart`],
    finds: [`constraint person.apart: missing, wanted EXCLUDE USING gist (active WITH &&)`],
  },
  {
    title: 'a unique constraint that is gone',
    sql: [`alter table public.person drop constraint person_team_id_email_key`],
    finds: [`constraint person.person_team_id_email_key: missing, wanted UNIQUE (team_id, email)`],
  },

  {
    title: 'a sequence that is gone, with the default that used it',
    sql: [`drop sequence app.ticket cascade`],
    finds: [
      `sequence app.ticket: missing, wanted integer`,
      `column app.event.number: default is none, wanted nextval('app.ticket'::regclass)`,
      `access app.event.event: others is none, wanted PUBLIC USAGE on ticket`,
    ],
  },
  {
    title: 'a sequence of other terms',
    sql: [`alter sequence app.ticket start 1 minvalue -5 increment 1 no cycle cache 1 no maxvalue`],
    finds: [
      `sequence app.ticket: cache is 1, wanted 5`,
      `sequence app.ticket: cycle is no cycle, wanted cycle`,
      `sequence app.ticket: increment is 1, wanted 10`,
      `sequence app.ticket: maximum is of its type, wanted 5000`,
      `sequence app.ticket: minimum is -5, wanted 1`,
      `sequence app.ticket: start is 1, wanted 100`,
    ],
  },
  {
    title: 'a sequence that no column owns',
    sql: [`alter sequence public.person_id_seq owned by none`],
    finds: [`sequence person.person_id_seq: owning column is none, wanted person.id`],
  },
  {
    title: 'a sequence too many',
    sql: [`create sequence app.stray`],
    finds: [`sequence app.stray: not wanted, is bigint`],
  },
  {
    title: 'an identity with another step',
    sql: [`alter table public.team alter id set increment by 1`],
    finds: [`sequence team.team_id_seq: increment is 1, wanted 5`],
  },

  {
    title: 'row security that is off',
    sql: [`alter table public.person disable row level security`],
    finds: [`row security person.person: state is disabled, forced once enabled, wanted enabled, also for the owner`],
  },
  {
    title: 'row security that spares the owner',
    sql: [`alter table public.person no force row level security`],
    finds: [`row security person.person: state is enabled, wanted enabled, also for the owner`],
  },
  {
    title: 'row security too many',
    sql: [`alter table public.team enable row level security`],
    finds: [`row security team.team: state is enabled, wanted disabled`],
  },
  {
    title: 'a policy that lets everything through',
    sql: [`alter policy own on public.person using (true)`],
    finds: [`policy person.own: using is true, wanted (boss_id IS NULL)`],
  },
  {
    title: 'a policy for everybody',
    sql: [`alter policy own on public.person to public`],
    finds: [`policy person.own: roles is PUBLIC, wanted the migrator`],
  },
  {
    title: 'a policy without its check',
    sql: [`drop policy everybody on public.person`, `create policy everybody on public.person using (score > 0)`],
    finds: [`policy person.everybody: check is none, wanted (score > (1)::numeric)`],
  },
  {
    title: 'a permissive policy',
    sql: [
      `drop policy own on public.person`,
      `create policy own on public.person for select to current_user using (boss_id is null)`,
    ],
    finds: [`policy person.own: mode is PERMISSIVE, wanted RESTRICTIVE`],
  },
  {
    title: 'a policy that is gone',
    sql: [`drop policy mine on app.event`],
    finds: [`policy app.event.mine: missing, wanted PERMISSIVE FOR ALL TO PUBLIC USING ((person_id = 1))`],
  },
  {
    title: 'a policy too many',
    sql: [`create policy "More Rights" on public.team using (true)`],
    finds: [`policy team.More Rights: not wanted, is PERMISSIVE FOR ALL TO PUBLIC USING (true)`],
  },

  {
    title: 'a trigger that never fires',
    sql: [
      `drop trigger touch on public.team`,
      `create trigger touch before update on public.team for each row when (false) execute function app.touch()`,
    ],
    finds: [
      `trigger team.touch: definition is CREATE TRIGGER touch BEFORE UPDATE ON public.team FOR EACH ROW WHEN (false) EXECUTE FUNCTION app.touch(), wanted CREATE TRIGGER touch BEFORE UPDATE ON public.team FOR EACH ROW WHEN (((old.name)::text IS DISTINCT FROM (new.name)::text)) EXECUTE FUNCTION app.touch()`,
    ],
  },
  {
    title: 'a trigger that is off',
    sql: [`alter table public.team disable trigger touch`],
    finds: [`trigger team.touch: enabled is disabled, wanted enabled`],
  },
  {
    title: 'a trigger that is gone',
    sql: [`drop trigger late on public.person`],
    finds: [
      `trigger person.late: missing, wanted CREATE CONSTRAINT TRIGGER late AFTER INSERT ON public.person DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.touch()`,
    ],
  },
  {
    title: 'a trigger too many, in the other schema',
    sql: [`create trigger more before insert on app.cache for each row execute function app.touch()`],
    finds: [
      `trigger app.cache.more: not wanted, is CREATE TRIGGER more BEFORE INSERT ON app.cache FOR EACH ROW EXECUTE FUNCTION app.touch()`,
    ],
  },
  {
    title: 'a rule that does something else',
    sql: [`create or replace rule keep as on delete to app."Odd ""Table""" do also nothing`],
    finds: [
      `rule app.Odd "Table".keep: definition is CREATE RULE keep AS ON DELETE TO app."Odd ""Table""" DO NOTHING;, wanted CREATE RULE keep AS ON DELETE TO app."Odd ""Table""" DO INSTEAD NOTHING;`,
    ],
  },
  {
    title: 'a rule that is off',
    sql: [`alter table app."Odd ""Table""" disable rule keep`],
    finds: [`rule app.Odd "Table".keep: enabled is disabled, wanted enabled`],
  },
  {
    title: 'a rule too many',
    sql: [`create rule lost as on insert to app.cache do instead nothing`],
    finds: [`rule app.cache.lost: not wanted, is CREATE RULE lost AS ON INSERT TO app.cache DO INSTEAD NOTHING;`],
  },

  {
    title: 'a table that everybody may write',
    sql: [`grant select, delete on public.person to public`],
    finds: [`access person.person: others is PUBLIC DELETE, PUBLIC SELECT, wanted none`],
  },
  {
    title: 'a right that is gone',
    sql: [`revoke select on public.team from public`, `revoke update (name) on public.team from public`],
    finds: [`access team.team: others is none, wanted PUBLIC SELECT, PUBLIC UPDATE (name)`],
  },
  {
    title: 'a schema that is closed',
    sql: [`revoke usage on schema app from public`],
    finds: [`access schema app: others is none, wanted PUBLIC USAGE`],
  },
  {
    title: 'a schema in which everybody makes tables',
    sql: [`grant create on schema app to public`],
    finds: [`access schema app: others is PUBLIC CREATE, PUBLIC USAGE, wanted PUBLIC USAGE`],
  },
  {
    title: 'a sequence that everybody may set',
    sql: [`grant update on sequence app.ticket to public`],
    finds: [
      `access app.event.event: others is PUBLIC UPDATE on ticket, PUBLIC USAGE on ticket, wanted PUBLIC USAGE on ticket`,
    ],
  },
  {
    title: 'a type that everybody may use',
    sql: [`grant usage on type app.mood to public`],
    finds: [`access app.type mood: others is PUBLIC USAGE, wanted none`],
  },
  {
    title: 'rights on objects that are created later',
    sql: [
      `alter default privileges grant select on tables to public`,
      `alter default privileges in schema app revoke select on tables from public`,
    ],
    finds: [
      `access new objects: others is PUBLIC SELECT on tables of the migrator, wanted none`,
      `access app.new objects: others is none, wanted PUBLIC SELECT on tables of the migrator`,
    ],
  },
  {
    title: 'functions that are created later, without EXECUTE for PUBLIC',
    sql: [`alter default privileges revoke execute on functions from public`],
    finds: [`access new objects: revoked is PUBLIC EXECUTE on functions of the migrator, wanted none`],
  },
  {
    role: 'owner',
    title: 'a right that the owner gave up',
    sql: [`revoke insert on public.team from current_user`],
    finds: [
      `access team.team: list of privileges that this role lacks is INSERT, wanted none`,
      `access team.team: list of privileges that the owner lacks is INSERT, wanted none`,
    ],
  },

  {
    title: 'columns stored otherwise',
    sql: [`alter table app.cache alter value set storage external, alter value set statistics 200`],
    finds: [
      `storage app.cache.cache: columns is value storage external, wanted none`,
      `storage app.cache.cache: tuning is value statistics 200, wanted none`,
    ],
  },
  {
    title: 'a comment that is gone',
    sql: [`comment on column public.person.email is null`, `comment on view public.busy is null`],
    finds: [`comment busy: missing, wanted Busy people`, `comment person.email: missing, wanted Where to write`],
  },
  {
    title: 'another comment',
    sql: [`comment on table public.person is 'Nobody'`],
    finds: [`comment person: text is Nobody, wanted People: it's them`],
  },
  {
    title: 'statistics over columns that are gone',
    sql: [`drop statistics public.person_stats`],
    finds: [
      `object statistics person_stats: missing, wanted CREATE STATISTICS public.person_stats (dependencies) ON team_id, boss_id FROM public.person`,
    ],
  },
  {
    title: 'statistics over other columns',
    sql: [
      `drop statistics public.person_stats`,
      `create statistics public.person_stats (ndistinct) on team_id, score from public.person`,
    ],
    finds: [
      `object statistics person_stats: definition is CREATE STATISTICS public.person_stats (ndistinct) ON team_id, score FROM public.person, wanted CREATE STATISTICS public.person_stats (dependencies) ON team_id, boss_id FROM public.person`,
    ],
  },
];
