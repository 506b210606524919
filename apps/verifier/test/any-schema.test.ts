/** The derived checks on a schema that no check was written for: green as it is, and each sabotage found under its id. */
import { validatorsFor } from '@todo/client/validators';
import { integer, pgTable, timestamp } from 'drizzle-orm/pg-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { foldFindings } from '../src/fold-findings.ts';
import type { Result } from '../src/result.ts';
import { execute } from './database.ts';
import { type Library, openLibrary } from './library/library.ts';
import * as schema from './library/schema.ts';
import { prove } from './prove.ts';

let library: Library;
let clean: string;

beforeAll(async () => {
  library = await openLibrary();
  clean = await library.open();
});

/** What is in the library's tables, and what its sequences gave away. */
const CONTENT = `select (select count(*) from author) + (select count(*) from book) + (select count(*) from copy)
  + (select count(*) from shelf) + (select count(*) from audit.event) as rows`;

describe('a database of another schema', () => {
  it('passes every check, written to or not, and holds no row afterwards', async () => {
    for (const mayWrite of [false, true]) {
      const url = await library.open();
      const results = await prove(url, { app: library, shadow: clean, mayWrite });
      expect(results.filter(({ findings }) => findings !== undefined)).toEqual([]);
      const waiting = results.filter(({ status, id }) => status === 'skip' && id.startsWith('behave/'));
      expect(waiting.length === 0).toBe(mayWrite);
      expect(await execute(url, CONTENT)).toEqual([{ rows: '0' }]);
    }
  });
});

describe('a column without a migration', () => {
  it('is the cause of what breaks in the checks that write', async () => {
    const url = await library.open();
    await execute(url, 'create table log (id int primary key)');
    const tables = { log: pgTable('log', { id: integer('id').primaryKey(), note: integer('note') }) };
    const database = { ...library.database, schema: tables, validators: validatorsFor(tables) };
    const only = ['migrate/code-in-sync', 'behave/crud'];
    const results = foldFindings(
      await prove(url, { app: { database, checks: [] }, shadow: url, mayWrite: true, only }),
    );
    const crud = results.find(({ id }) => id === 'behave/crud');
    expect(crud?.findings).toEqual([expect.objectContaining({ causedBy: 'migrate/code-in-sync' })]);
  });
});

describe('a table without a primary key', () => {
  it('keeps the rows that it has', async () => {
    const url = await library.open();
    await execute(url, 'create table log (at timestamptz not null default now())', 'insert into log values (now())');
    const tables = { log: pgTable('log', { at: timestamp('at', { withTimezone: true }).notNull().defaultNow() }) };
    const database = { ...library.database, schema: tables, validators: validatorsFor(tables) };
    await prove(url, { app: { database, checks: [] }, shadow: clean, mayWrite: true, only: ['behave/*'] });
    expect(await execute(url, 'select from log')).toHaveLength(1);
  });
});

const trigger = (table: string, when: string, body: string): string[] => [
  `create function poison() returns trigger language plpgsql as $$ begin ${body}; return new; end $$`,
  `create trigger poison ${when} on ${table} for each row execute function poison()`,
];

type Sabotage = readonly [id: string, sql: readonly string[], have: string | RegExp];

const SABOTAGES: readonly Sabotage[] = [
  ['behave/row', ['drop table audit.event'], 'could not make a row for audit.event: there is no such table'],
  ['behave/row', ['alter table shelf add check (false)'], /^Could not make a row for shelf: /],
  ['behave/not-null', ['alter table audit.event alter note drop not null'], 'null in audit.event.note is accepted'],
  [
    'behave/lengths',
    ['alter table audit.event alter note type varchar(41)'],
    '41 characters of one byte in audit.event.note are accepted',
  ],
  [
    'behave/lengths',
    ['alter table author alter name type varchar(79)'],
    /^80 characters of one byte in author.name are refused with 22001/,
  ],
  [
    'behave/insert-defaults',
    [`alter table book alter genre set default 'drama'`],
    'book.genre, left out, becomes another value',
  ],
  [
    'behave/insert-defaults',
    [`alter table book alter price set default 9.91`],
    'book.price, left out, becomes another value',
  ],
  [
    'behave/insert-defaults',
    [`alter table audit.event alter at set default now() - interval '1 s'`],
    'audit.event.at, left out, becomes another value',
  ],
  ['behave/insert-defaults', [`alter table copy alter id drop default`], /^copy.id, left out, is refused with 23502/],
  [
    'behave/insert-defaults',
    [
      'alter table book drop short_title',
      'alter table book add short_title text generated always as (left(title, 2)) stored',
    ],
    'book.short_title, left out, becomes another value',
  ],
  ['behave/unique', ['drop index book_title_index'], 'a second row of book with the same book_title_index is accepted'],
  [
    'behave/unique',
    ['alter table author drop constraint author_name_unique'],
    'a second row of author with the same name is accepted',
  ],
  [
    'behave/unique',
    ['alter table written_by drop constraint written_by_isbn_author_id_pk'],
    'a second row of written_by with the same isbn, author_id is accepted',
  ],
  [
    'behave/unique',
    ['alter index copy_number_index rename to number_index'],
    /copy with the same isbn, number is refused with 23505 by number_index/,
  ],
  [
    'behave/fk-reject',
    ['alter table audit.event drop constraint event_copy_id_copy_id_fk'],
    'a row of audit.event that refers to no copy is accepted',
  ],
  [
    'behave/fk-reject',
    ['alter table copy alter constraint copy_isbn_fkey deferrable initially deferred'],
    'a row of copy that refers to no book is accepted',
  ],
  [
    'behave/cascade',
    [
      'alter table copy drop constraint copy_isbn_fkey',
      'alter table copy add constraint copy_isbn_fkey foreign key (isbn) references book (isbn) on delete cascade',
    ],
    'deleting a row of book: its row of copy is deleted, the row of another parent stays as it is',
  ],
  [
    'behave/cascade',
    [
      'alter table shelf drop constraint shelf_within_fkey',
      'alter table shelf add constraint shelf_within_fkey foreign key (within) references shelf (id)',
    ],
    'deleting a row of shelf to which shelf refers is refused with 23503 by shelf_within_fkey',
  ],
  [
    'behave/cascade',
    [
      `create function poison() returns trigger language plpgsql as $$ begin delete from audit.event; return old; end $$`,
      'create trigger poison after delete on copy for each row execute function poison()',
    ],
    'deleting a row of copy: its row of audit.event is deleted, the row of another parent is deleted',
  ],
  [
    'behave/updated-at',
    trigger('book', 'before update', 'new.updated_at := old.updated_at'),
    /^book.updated_at is 2001-02-03/,
  ],
  [
    'behave/updated-at',
    trigger('audit.event', 'before update', 'new.at := now()'),
    /^audit.event.at is .* after an update$/,
  ],
  [
    'behave/roundtrip',
    trigger('audit.event', 'before insert', 'new.note := btrim(new.note)'),
    /^audit.event.note: " \\t\\r\\n';.* comes back as /,
  ],
  [
    'behave/roundtrip',
    trigger('book', 'before insert', `new.tags := new.tags || 'x'::text`),
    'book.tags, read and written again by Drizzle, has another value',
  ],
  [
    'behave/crud',
    [
      'create function poison() returns trigger language plpgsql as $$ begin return null; end $$',
      'create trigger poison before delete on author for each row execute function poison()',
    ],
    'a row of author over WebSocket: it still exists after the delete',
  ],
  [
    'behave/error-mapping',
    ['drop index copy_number_index'],
    'a second row of copy with the same isbn, number: accepted',
  ],
  [
    'data/orphans',
    [
      'alter table audit.event drop constraint event_copy_id_copy_id_fk',
      `insert into audit.event (copy_id, note) values (gen_random_uuid(), 'x')`,
    ],
    'rows of audit.event that refer to no copy, such as 1',
  ],
  [
    'data/sequence',
    [...['a', 'b'].map((name) => `insert into author (name) values ('${name}')`), `select setval('author_id_seq', 1)`],
    'the next author.id is 2, and 2 is taken',
  ],
  [
    'data/sequence',
    [`insert into shelf (id, label) overriding system value values (7, 'x')`],
    'the next shelf.id is 1, and 7 is taken',
  ],
  [
    'data/validator-rows',
    ['alter table author alter name type text', `insert into author (name) values (repeat('x', 81))`],
    /^author 1: name: /,
  ],
  [
    'data/validator-rows',
    [`insert into book (isbn, title, updated_at) values ('1', 'x', '1999-01-01')`],
    'book (one row): updated_at before created_at',
  ],
  [
    'validate/agreement',
    ['alter table audit.event alter note type varchar(20)'],
    /^audit.event.note: the validator accepts .* the database: refused with 22001/,
  ],
  [
    'perf/fk-index',
    ['drop index audit.event_copy_index'],
    'no index of audit.event begins with copy_id, the columns of event_copy_id_copy_id_fk',
  ],
  ['perf/index-used', ['drop index audit.event_copy_index'], 'audit.event by copy_id: no index condition'],
  ['perf/index-used', ['drop index copy_number_index'], 'copy by isbn, number: no index condition'],
  ['connect/search-path', ['create schema aside', 'create table aside.book ()'], 'there is also aside.book'],
  ['schema/table-missing', ['drop schema audit cascade'], 'no schema audit'],
  ['schema/column-type', ['alter table audit.event alter note type text'], 'column audit.event.note: type text'],
  ['schema/enum', [`alter type genre add value 'essay'`], /^type genre: labels /],
  ['schema/enum', [`alter type genre rename value 'drama' to 'play'`], /^type genre: labels /],
  ['schema/view', ['create or replace view lent_book as select isbn, title from book'], /^view lent_book: definition /],
  ['schema/view', ['drop view lent_book'], 'no table lent_book'],
  [
    'schema/function',
    [`create or replace function shelves() returns bigint language sql as 'select 0::bigint'`],
    /^function shelves\(\): definition /,
  ],
  ['schema/function', ['drop function shelves'], 'no function shelves()'],
  ['schema/rls', ['alter table book disable row level security'], 'row security of book: state disabled'],
  ['schema/rls', ['alter policy book_readers on book using (true)'], /^policy book.book_readers: using /],
  ['schema/trigger-rule', trigger('audit.event', 'before update', 'new.at := now()'), /^trigger audit.event.poison/],
  ['schema/privileges', ['grant select on audit.event to public'], 'table audit.event: PUBLIC SELECT'],
  ['schema/extra-object', [`create type mood as enum ('glad')`], /^type mood/],
];

describe('a sabotage of another schema', () => {
  it.each(SABOTAGES)('is found by %s: %j', async (id, statements, have) => {
    const url = await library.open();
    await execute(url, ...statements);
    const [result] = await prove(url, { app: library, only: [id], shadow: clean, mayWrite: true });
    const isMeant = (found: string) => (typeof have === 'string' ? found === have : have.test(found));
    expect(havesOf(result)).toSatisfy((found: string[]) => found.some(isMeant));
  });

  it('is found once, and other tables’ checks go on, where no row can be made', async () => {
    const url = await library.open();
    await execute(url, 'alter table shelf add check (false)');
    const results = await prove(url, { app: library, only: ['behave', 'validate'], mayWrite: true });
    expect(results.filter(({ status }) => status !== 'pass').map(({ id, status }) => `${id} ${status}`)).toEqual([
      'behave/row warn',
    ]);
    expect(results.find(({ id }) => id === 'behave/not-null')?.detail).toMatch(/tables; no row for shelf$/);
  });
});

function havesOf(result: Result | undefined): string[] {
  return (result?.findings ?? []).map(({ have }) => have);
}

describe('a definition that is not whole', () => {
  it('is found where a table has no validators', async () => {
    const { event: _, ...others } = validatorsFor<typeof schema>(schema, {});
    const app = { ...library, database: { ...library.database, validators: others } };
    const results = await prove(clean, { app, only: ['validate/limits'] });
    expect(results.map((result) => [result.status, havesOf(result)])).toEqual([
      ['warn', ['audit.event has no validators']],
    ]);
  });

  it('is found where a validator accepts what its column refuses', async () => {
    const own = validatorsFor<typeof schema>(schema, {});
    const insert = z.object({ copyId: z.uuid(), note: z.string() });
    const validators = { ...own, event: { ...own.event, insert } };
    const app = { ...library, database: { ...library.database, validators } };
    const [limits, agreement] = await prove(await library.open(), {
      app,
      only: ['validate/limits', 'validate/agreement'],
      mayWrite: true,
    });
    expect(havesOf(limits)).toEqual(['the validator of a new event accepts 41 letters as note']);
    expect(havesOf(agreement)).toContainEqual(expect.stringMatching(/the validator accepts "a\\u0000b@example.com"/));
  });

  it('is found where an error is named after no constraint', async () => {
    const constraintErrors = {
      author_name_unique: { kind: 'name-taken', message: 'Taken' },
      author_nam: { kind: 'x', message: 'x' },
    };
    const app = { ...library, database: { ...library.database, constraintErrors } };
    const [result] = await prove(await library.open(), { app, only: ['behave/error-mapping'], mayWrite: true });
    expect(havesOf(result)).toEqual([
      'constraintErrors names author_nam, which is neither a unique index nor a foreign key of the schema',
    ]);
  });
});
