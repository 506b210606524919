/** A database has the same facts on each version of PostgreSQL and for each role. */
import { connectSession } from '@todo/client/session';
import { expect, test } from 'vitest';

import { compareCatalogs, describeDifference, readCatalog } from '../../src/catalog/index.ts';
import { Databases, run } from './databases.ts';
import { fixture } from './fixture.ts';

const views = [
  `select t.id, lower(t.name) as name from public.team as t`,
  `select * from only public.team`,
  `select distinct on (team.lead_id) team.lead_id, team.id from public.team order by team.lead_id, team.id desc`,
  `select lead_id, count(*) as rows, count(team.*) as teams from public.team group by lead_id having count(id) > 1`,
  `select id, row_number() over w from public.team window w as (partition by lead_id order by id)`,
  `select id, (select count(*) from public.person p where p.team_id = team.id) as people from public.team`,
  `select id from public.team where id in (select team_id from public.person where person.team_id = team.id)`,
  `select id from public.team union all select id from public.person`,
  `with few as (select id from public.team where id < 10) select id from few`,
  `select person.address, (person.address).zip as code from public.person`,
  `select extract(year from team.created_at) as year from public.team where team.created_at is distinct from now()`,
  `select "Odd ""Table"""."Key One" from app."Odd ""Table"""`,
  `select n from generate_series(1, 3) n`,
  `select v.a from (values (1), (2)) v(a)`,
  `select person.id, other.n from public.person, lateral (select person.id * 2 as n) other`,
  `select id, case when active && 'empty' then mood end as mood from public.person limit 5 offset 1`,
  `select p.id, t.name from public.person p left join public.team t using (id)`,
  `select app.shout(log.note) as loud, log.note::app.email as mail from app.log order by log.at fetch first 3 rows with ties`,
];

test('the facts of one database are the same on PostgreSQL 15 and 18, for its owner and for a superuser', async () => {
  const [oldest, newest] = await Promise.all(['15.18.0-beta.17', undefined].map((version) => factsOn(version)));
  expect(oldest).toEqual(newest);
});

async function factsOn(version: string | undefined) {
  await using databases = await Databases.start(version);
  const url = await databases.create('owner');
  await using session = await connectSession(url);
  await run(session, [...fixture, ...views.map((query, at) => `create view app.view_${at} as ${query}`)]);
  const facts = await readCatalog(session);
  await using superuser = await connectSession(databases.as('superuser', new URL(url).pathname.slice(1)));
  expect(compareCatalogs(await readCatalog(superuser), facts).map(describeDifference)).toEqual([]);
  return facts;
}
