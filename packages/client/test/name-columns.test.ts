/** Tests the option `casing` with tables whose columns have no explicit names. */
import { emptyBranch } from '@todo/local-neon/vitest';
import { eq, getTableColumns, relations, sql } from 'drizzle-orm';
import {
  getTableConfig,
  index,
  integer,
  pgTable,
  primaryKey,
  serial,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core';
import { afterAll, expect, expectTypeOf, test } from 'vitest';

import { type AppSchema, connectHttp, connectWebSocket } from '../src/index.ts';
import { nameColumns } from '../src/name-columns.ts';
import { ownedBy, rowsOf } from '../src/queries/index.ts';
import { validatorsFor, validatorsOf } from '../src/validators/index.ts';
import { query } from './query.ts';
import { createTables } from './queries/create-tables.ts';

const gardener = pgTable('gardener', { gardenerId: serial().primaryKey(), fullName: text().notNull().unique() });
const plant = pgTable(
  'plant',
  {
    plantId: serial().primaryKey(),
    ownerId: integer()
      .notNull()
      .references(() => gardener.gardenerId),
    latinName: text().notNull(),
    plantedAt: timestamp().notNull().defaultNow(),
    note: text('Note'),
  },
  (t) => [index().on(t.latinName, t.plantedAt), unique().on(t.ownerId, t.latinName)],
);
const plot = pgTable('plot', { rowNumber: serial(), columnNumber: serial() }, (t) => [
  primaryKey({ columns: [t.rowNumber, t.columnNumber] }),
]);
const plantRelations = relations(plant, ({ one }) => ({
  owner: one(gardener, { fields: [plant.ownerId], references: [gardener.gardenerId] }),
}));
const gardenerRelations = relations(gardener, ({ many }) => ({ plants: many(plant) }));
// Queries and validators are derived when a module loads, before a client exists.
const plantsOf = ownedBy(plant, 'ownerId', { filters: ['latinName'] });
const gardeners = rowsOf(gardener);
const { insert } = validatorsOf(plant);

const schema = { gardener, plant, plot, plantRelations, gardenerRelations };
const app = nameColumns(schema, 'snake_case');
const { url } = await emptyBranch();
const http = connectHttp(app, url);
const webSocket = connectWebSocket(app, url);
afterAll(() => webSocket.close());
await createTables(url, gardener, plant);
await query(url, 'alter table plant add unique (owner_id, latin_name)');

test('each column without a name has the name of the option, in indexes and constraints too', () => {
  expect(Object.values(getTableColumns(plant)).map(({ name }) => name)).toEqual([
    'plant_id',
    'owner_id',
    'latin_name',
    'planted_at',
    'Note',
  ]);
  const { indexes, uniqueConstraints, foreignKeys } = getTableConfig(plant);
  expect(indexes[0]?.config.columns).toMatchObject([{ name: 'latin_name' }, { name: 'planted_at' }]);
  // As drizzle-kit names it.
  expect(uniqueConstraints[0]?.getName()).toBe('plant_ownerId_latinName_unique');
  expect(uniqueConstraints[0]?.columns.map(({ name }) => name)).toEqual(['owner_id', 'latin_name']);
  expect(foreignKeys[0]?.getName()).toBe('plant_owner_id_gardener_gardener_id_fk');
  expect(getTableConfig(plot).primaryKeys[0]?.getName()).toBe('plot_row_number_column_number_pk');
});

test('a naming that nameColumns has not applied is a compile error', () => {
  expectTypeOf<'snake_case'>().not.toExtend<NonNullable<AppSchema['casing']>>();
  expectTypeOf(app).toExtend<AppSchema>();
});

test('a second call, or another option, changes no name', () => {
  nameColumns(schema, 'snake_case');
  nameColumns(schema, 'camelCase');
  expect(plant.latinName.name).toBe('latin_name');
  expect(() => nameColumns(schema, 'kebab-case' as 'snake_case')).toThrow(/^`casing` must be /);
});

test.each([
  ['HTTP', http],
  ['WebSocket', webSocket],
] as const)('every kind of query uses these names, over %s', async (transport, db) => {
  const { gardenerId } = await gardeners(db).create({ fullName: transport });
  const plants = plantsOf(db, gardenerId);
  const { plantId } = await plants.create({ latinName: 'Rosa', note: 'red' });
  expect(await plants.createMany([{ latinName: 'Bellis' }, { latinName: 'Viola', note: 'blue' }])).toBe(2);
  expect(await plants.update(plantId, { latinName: 'Rosa canina' })).toMatchObject({ latinName: 'Rosa canina' });
  expect((await plants.list({ latinName: 'Viola' })).rows).toMatchObject([{ note: 'blue', ownerId: gardenerId }]);
  expect(
    await db.query.gardener.findFirst({
      where: eq(gardener.fullName, transport),
      with: { plants: { orderBy: plant.latinName } },
    }),
  ).toMatchObject({ plants: [{ latinName: 'Bellis' }, { latinName: 'Rosa canina' }, { latinName: 'Viola' }] });
  await db
    .insert(plant)
    .values(insert.parse({ ownerId: gardenerId, latinName: 'Rosa canina' }))
    .onConflictDoUpdate({
      target: [plant.ownerId, plant.latinName],
      set: { note: sql`upper(${plant.note})` },
    });
  expect(await query(url, `select latin_name, "Note" from plant where plant_id = ${plantId}`)).toEqual([
    { latin_name: 'Rosa canina', Note: 'RED' },
  ]);
});

test('a module that the schema exports under a name is refused with the name', async () => {
  const modules = { plants: await import('./query.ts') };
  for (const derive of [() => nameColumns(modules, 'snake_case'), () => validatorsFor(modules)]) {
    expect(derive).toThrow('The schema exports "plants" as a module');
  }
});
