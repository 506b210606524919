/** Tests owners on PostgreSQL: the statements change the owner of the table or of the sequence that the difference lists. */
import { connectSession } from '@todo/client/session';
import { afterAll, expect, test } from 'vitest';

import { compareCatalogs, describeDifference, readCatalog, reconcile } from '../../src/catalog/index.ts';
import { Databases, run } from './databases.ts';

const databases = await Databases.start();
const session = await connectSession(await databases.create('superuser'));
afterAll(async () => {
  await session.close();
  await databases[Symbol.asyncDispose]();
});
await run(session, [
  'create role bob',
  'create sequence ticket_number',
  'create schema numbers',
  'create sequence numbers.seat',
  `create table seat (number bigint default nextval('numbers.seat'))`,
  `create table ticket (id serial, number bigint default nextval('ticket_number'))`,
]);

test.each<[title: string, owned: string[], changed: string[], finds: string]>([
  [
    'a sequence of another role, which a default uses',
    [],
    ['alter sequence ticket_number owner to bob'],
    'access ticket.ticket: owner is bob on ticket_number, wanted none',
  ],
  [
    'a sequence that another role should own',
    ['alter sequence ticket_number owner to bob'],
    ['alter sequence ticket_number owner to current_user'],
    'access ticket.ticket: owner is none, wanted bob on ticket_number',
  ],
  [
    'a table and a sequence of another role',
    [],
    ['alter table ticket owner to bob', 'alter sequence ticket_number owner to bob'],
    'access ticket.ticket: owner is bob, bob on ticket_id_seq, bob on ticket_number, wanted none',
  ],
  [
    'a table that another role should own',
    ['alter table ticket owner to bob'],
    ['alter table ticket owner to current_user'],
    'access ticket.ticket: owner is none, wanted bob, bob on ticket_id_seq',
  ],
  [
    'a sequence of another schema, which a default uses',
    [],
    ['alter sequence numbers.seat owner to bob'],
    'access seat.seat: owner is bob on seat of schema numbers, wanted none',
  ],
])('a difference of owners is found and ended: %s', async (_, owned, changed, finds) => {
  const asBefore = ['table ticket', 'sequence ticket_number', 'sequence numbers.seat'].map(
    (object) => `alter ${object} owner to current_user`,
  );
  await run(session, [...asBefore, ...owned]);
  const wanted = await readCatalog(session);
  await run(session, changed);
  const found = compareCatalogs(await readCatalog(session), wanted);
  expect(found.map(describeDifference)).toContain(finds);
  await run(
    session,
    found.flatMap((difference) => reconcile(difference, wanted)),
  );
  expect(compareCatalogs(await readCatalog(session), wanted).map(describeDifference)).toEqual([]);
});
