/** Tests `db:status` and baselines with comparisons of whole catalogs. */
import { connectSession } from '@todo/client/session';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { describeDifference } from '../../src/catalog/index.ts';
import { migrate, schemaDrift, type Shadow } from '../../src/index.ts';
import { migrationsFolder, type TestMigration } from '../migrations-folder.ts';
import { query } from '../query.ts';
import { Databases } from './databases.ts';

let databases: Databases;
beforeAll(async () => {
  databases = await Databases.start();
});
afterAll(() => databases[Symbol.asyncDispose]());

const shadow = async (): Promise<Shadow> => ({
  url: await databases.create('owner'),
  [Symbol.asyncDispose]: async () => {},
});

const statements = [
  `CREATE SCHEMA "shop"`,
  `CREATE TYPE "shop"."size" AS ENUM('small', 'large')`,
  `CREATE TABLE "shop"."shirt" ("id" serial PRIMARY KEY, "size" "shop"."size" NOT NULL, "owner" text)`,
  `ALTER TABLE "shop"."shirt" ENABLE ROW LEVEL SECURITY`,
  `CREATE POLICY "own" ON "shop"."shirt" AS PERMISSIVE FOR ALL TO public USING (owner = current_user)`,
  `CREATE TABLE "customer" ("id" integer PRIMARY KEY, "name" text)`,
  `CREATE VIEW "named" AS SELECT id, name FROM customer WHERE name IS NOT NULL`,
  `GRANT USAGE ON SCHEMA "shop" TO public`,
];
const made: TestMigration = { name: '0000_shop', sql: statements.join(';--> statement-breakpoint\n') };

async function migrated(): Promise<{ url: string; directory: string }> {
  const url = await databases.create('owner');
  const directory = await migrationsFolder(made);
  await migrate(url, directory);
  return { url, directory };
}

async function drift(url: string, directory: string): Promise<string[]> {
  await using session = await connectSession(url);
  return (await schemaDrift(session, directory, { shadow }))?.map(describeDifference) ?? [];
}

test('a freshly migrated database has no drift, also after rows were inserted', async () => {
  const { url, directory } = await migrated();
  await query(url, `insert into customer values (1, 'Ada')`, 'analyze');
  expect(await drift(url, directory)).toEqual([]);
});

test('drift includes triggers and rules, privileges, enum labels, views and other schemas', async () => {
  const { url, directory } = await migrated();
  await query(
    url,
    'alter table customer enable row level security',
    'create policy mine on customer using (id = 1)',
    `create function rewrite() returns trigger language plpgsql as 'begin new.name := 1; return new; end'`,
    'create trigger rewrite before insert on customer for each row execute function rewrite()',
    'create rule lost as on delete to customer do instead nothing',
    'grant select on customer to public',
    `alter type shop.size add value 'medium' before 'large'`,
    'create or replace view named as select id, name from customer',
    'alter policy own on shop.shirt using (true)',
    'alter table shop.shirt drop column owner cascade',
  );
  expect(await drift(url, directory)).toEqual([
    'function rewrite(): not wanted, is FUNCTION public.rewrite() RETURNS trigger',
    'access customer.customer: others is PUBLIC SELECT, wanted none',
    'row security customer.customer: state is enabled, wanted disabled',
    'policy customer.mine: not wanted, is PERMISSIVE FOR ALL TO PUBLIC USING ((id = 1))',
    'trigger customer.rewrite: not wanted, is CREATE TRIGGER rewrite BEFORE INSERT ON public.customer FOR EACH ROW EXECUTE FUNCTION public.rewrite()',
    'rule customer.lost: not wanted, is CREATE RULE lost AS ON DELETE TO public.customer DO INSTEAD NOTHING;',
    'view named.named: definition is SELECT id, name FROM public.customer, wanted SELECT id, name FROM public.customer WHERE (name IS NOT NULL)',
    `type shop.size: labels is 'small', 'medium', 'large', wanted 'small', 'large'`,
    'column shop.shirt.owner: missing, wanted text',
    'policy shop.shirt.own: using is true, wanted (owner = CURRENT_USER)',
  ]);
});

test('a database with all objects of the migrations is baselined, whatever other objects and grants it has', async () => {
  const url = await databases.create('owner');
  const directory = await migrationsFolder(made);
  await query(
    url,
    ...statements,
    'grant select on customer to public',
    'create table other (id integer)',
    'create schema aside',
    'create table aside.customer (id text)',
    'alter table customer alter name set statistics 300',
  );
  expect(await migrate(url, directory, { shadow })).toMatchObject({ baselined: ['0000_shop'], applied: [] });
});

test.each([
  ['a policy without its USING', `drop policy own on shop.shirt`, `create policy own on shop.shirt`],
  ['a view of another query', `create or replace view named as select id, name from customer`],
  ['an enum of other labels', `alter type shop.size rename value 'small' to 'tiny'`],
  ['row security that is off', `alter table shop.shirt disable row level security`],
  [
    'a trigger of somebody’s',
    `create function f() returns trigger language plpgsql as 'begin return null; end'`,
    `create trigger t before insert on customer for each row execute function f()`,
  ],
  ['a right that is not granted', `revoke usage on schema shop from public`],
  ['a table too few in the other schema', `drop table shop.shirt`],
])('a baseline is refused because of %s, and the printed statements make it possible', async (_, ...sabotage) => {
  const url = await databases.create('owner');
  const directory = await migrationsFolder(made);
  await query(url, ...statements, ...sabotage);
  const error: unknown = await migrate(url, directory, { shadow }).catch((refusal: unknown) => refusal);
  expect(error).toMatchObject({ code: 'BASELINE_DIFFERS' });
  const lines = String(error).split('\n');
  const printed = lines.slice(
    lines.findIndex((line) => line.startsWith('These statements make the database equal')) + 1,
    -1,
  );
  await query(url, ...printed);
  expect(await migrate(url, directory, { shadow })).toMatchObject({ baselined: ['0000_shop'] });
});

test("a table of the same name in another application's schema needs no comparison", async () => {
  const url = await databases.create('owner');
  await query(url, 'create schema aside', 'create table aside.customer (id text)');
  expect(await migrate(url, await migrationsFolder(made))).toMatchObject({ applied: ['0000_shop'] });
});
