/** Changes to the database of `fixture.ts` that no comparison may report. */

export interface HarmlessChange {
  readonly title: string;
  readonly sql: readonly string[];
}

export const harmless: readonly HarmlessChange[] = [
  { title: 'more rows', sql: [`insert into public.team (name) select 'x' from generate_series(1, 100)`] },
  { title: 'fewer rows, and gaps in their ids', sql: [`delete from public.team where id > 100`] },
  { title: 'no rows', sql: [`truncate app.event`] },
  { title: 'rows in a partition', sql: [`insert into app.event (at) values ('2025-06-01'), ('2031-01-01')`] },
  { title: 'statistics of the planner', sql: [`analyze`] },
  { title: 'a vacuum', sql: [`vacuum public.team`] },
  { title: 'a rewritten table', sql: [`vacuum full app.cache`] },
  { title: 'a rebuilt index', sql: [`reindex table public.team`] },
  {
    title: 'an index that was built again under its name',
    sql: [
      `drop index public.person_email`,
      `create unique index person_email on public.person (email) nulls not distinct`,
    ],
  },
  { title: 'a sequence that counted on', sql: [`select nextval('app.ticket')`] },
  { title: 'a sequence that was set', sql: [`select setval('public.person_id_seq', 5000)`] },
  { title: 'an identity that was restarted', sql: [`alter table public.team alter id restart with 7000`] },
  { title: 'a materialized view that was refreshed', sql: [`refresh materialized view app.summary`] },
  { title: 'a materialized view without its rows', sql: [`refresh materialized view app.summary with no data`] },
  { title: 'a comment on a table that the code does not comment', sql: [`comment on table public.team is 'Teams'`] },
  {
    title: 'a comment on a column that the code does not comment',
    sql: [`comment on column public.team.name is 'Name'`],
  },
  { title: 'a comment on a function', sql: [`comment on function app.touch() is 'Touches'`] },
  {
    title: 'a function that was replaced by itself',
    sql: [
      `create or replace function app.touch() returns trigger language plpgsql as $$ begin perform now(); return new; end $$`,
    ],
  },
  {
    title: 'a view that was replaced by itself',
    sql: [
      `create or replace view app.totals as select app.total(score) as total, app.team_count() as teams from public.person`,
    ],
  },
  {
    title: 'a policy that was recreated',
    sql: [
      `drop policy mine on app.event`,
      `create policy mine on app.event for all to public using (1 = person_id or person_id = 1)`,
      `drop policy mine on app.event`,
      `create policy mine on app.event using (person_id = 1)`,
    ],
  },
  {
    title: 'a right that was given and taken',
    sql: [`grant select on public.person to public`, `revoke select on public.person from public`],
  },
  { title: 'rights that the owner has anyway', sql: [`grant all on public.person to current_user`] },
  {
    title: 'a default that says the same otherwise',
    sql: [
      `alter table public.team alter created_at set default current_timestamp`,
      `alter table public.team alter created_at set default now()`,
    ],
  },
  {
    title: 'a schema of somebody else, with everything',
    sql: [
      `create schema aside`,
      `create table aside.thing (id serial primary key)`,
      `create type aside.mood as enum ('x')`,
      `create function aside.f() returns integer language sql as 'select 1'`,
      `grant all on schema aside to public`,
      `drop schema aside cascade`,
      `create schema neon_auth`,
      `create table neon_auth.users_sync (id text)`,
    ],
  },
  { title: 'an extension that the code does not need', sql: [`create extension pg_trgm`] },
  { title: 'a temporary table', sql: [`create temporary table draft (id integer)`] },
  {
    title: 'a column that was dropped and is gone for good',
    sql: [`alter table app.cache add column more text`, `alter table app.cache drop column more`],
  },
  {
    title: 'a setting of the session',
    sql: [
      `set search_path to app, public`,
      `set datestyle to 'SQL, DMY'`,
      `set timezone to 'Asia/Tokyo'`,
      `set quote_all_identifiers to on`,
    ],
  },
];
