/** The compiler checks sample rows: `tsc` fails if a line that this file marks as an error is none. */
import { eq } from 'drizzle-orm';
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { expect, test } from 'vitest';

import { generatedRows, refTo, RowReference, sampleRows } from '../src/samples/index.ts';

const owner = pgTable('owner', { id: serial('id').primaryKey(), name: text('name').notNull(), note: text('note') });
const thing = pgTable('thing', {
  id: serial('id').primaryKey(),
  ownerId: integer('owner_id')
    .notNull()
    .references(() => owner.id),
  title: text('title').notNull(),
});

test('each column that a sample row, its key or a reference names must exist in the table', () => {
  sampleRows(owner, { by: ['name'], rows: [{ name: 'a', note: null }, { name: 'b' }] });
  // @ts-expect-error `naem` is no column
  sampleRows(owner, { by: ['naem'], rows: [] });
  // @ts-expect-error `naem` is no column
  sampleRows(owner, { by: ['name'], rows: [{ name: 'a', naem: 'b' }] });
  // @ts-expect-error `naem` is no column
  expect(refTo(owner, { naem: 'a' })).toBeInstanceOf(RowReference);
});

test('a sample row has every required column, with a value of its type or a reference', () => {
  sampleRows(thing, { by: ['title'], rows: [{ title: 'a', ownerId: refTo(owner, { name: 'a' }) }] });
  // @ts-expect-error the title is missing
  sampleRows(thing, { by: ['title'], rows: [{ ownerId: 1 }] });
  // @ts-expect-error the owner is missing
  sampleRows(thing, { by: ['title'], rows: [{ title: 'a' }] });
  // @ts-expect-error a title is text
  expect(sampleRows(thing, { by: ['title'], rows: [{ title: 1, ownerId: 1 }] }).table).toBe(thing);
});

test('a generated row needs every required column except those of its owners, which must exist in the table', () => {
  generatedRows(thing, { owners: { ownerId: owner }, generate: () => (i) => ({ title: `${i}` }) });
  generatedRows(owner, { isGenerated: eq(owner.note, 'generated'), generate: () => (i) => ({ name: `${i}` }) });
  // @ts-expect-error the owner is neither generated nor spread over
  generatedRows(thing, { generate: () => (i) => ({ title: `${i}` }) });
  // @ts-expect-error the title is missing
  generatedRows(thing, { owners: { ownerId: owner }, generate: () => () => ({}) });
  // @ts-expect-error `owner` is no column
  expect(generatedRows(thing, { owners: { owner }, generate: () => () => ({ title: '', ownerId: 1 }) }).table).toBe(
    thing,
  );
});
