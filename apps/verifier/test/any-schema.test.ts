/**
 * Runs the derived checks on a schema that no check was written for: the intact database passes, and each sabotage is found under its id.
 */
import { validatorsFor } from '@todo/client/validators';
import type { DatabaseDefinition } from '@todo/migrator';
import { sampleRows } from '@todo/migrator/samples';
import { date, integer, pgTable, serial, smallint, text, timestamp } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { linkFindings } from '../src/link-findings.ts';
import { execute } from './database.ts';
import { havesOf, isFound } from './library/is-found.ts';
import { type Library, openLibrary } from './library/library.ts';
import { LIBRARY_SABOTAGES } from './library/sabotages.ts';
import * as schema from './library/schema.ts';
import { prove } from './prove.ts';

let library: Library;
let clean: string;

beforeAll(async () => {
  library = await openLibrary();
  clean = await library.open();
});
afterAll(() => library[Symbol.asyncDispose]());

/** The number of rows in the library's tables, and the last values of its sequences. */
const CONTENT = `select (select count(*) from author) + (select count(*) from book) + (select count(*) from copy)
  + (select count(*) from shelf) + (select count(*) from audit.event) as rows`;

describe('a database of another schema', () => {
  it('passes every check, with and without writing, and contains no row of the run afterwards', async () => {
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
  it('is reported as the cause of the failures in the checks that write', async () => {
    const url = await library.open();
    await execute(url, 'create table log (id int primary key)');
    const tables = { log: pgTable('log', { id: integer('id').primaryKey(), note: integer('note') }) };
    const database = { ...library.database, schema: tables, validators: validatorsFor(tables) };
    const only = ['migrate/code-in-sync', 'behave/crud'];
    const results = linkFindings(
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

describe('a table whose keys have few free values', () => {
  it('gets rows with values that no stored row has', async () => {
    const url = await library.open();
    await execute(
      url,
      'create table day (id smallint primary key, of date not null constraint day_of_unique unique)',
      `insert into day select n, date '2000-01-01' + n from generate_series(1, 6000) n`,
      `insert into day select n, date '2040-01-01' + n from generate_series(6001, 28000) n`,
    );
    const tables = { day: pgTable('day', { id: smallint('id').primaryKey(), of: date('of').notNull().unique() }) };
    const database = { ...library.database, schema: tables, validators: validatorsFor(tables) };
    for (let run = 0; run < 3; run += 1) {
      const app = { database, checks: [] };
      const results = await prove(url, { app, shadow: clean, mayWrite: true, only: ['behave/*'] });
      expect(results.flatMap(({ id, status }) => (status === 'pass' ? [] : [`${id} ${status}`]))).toEqual([]);
    }
  });
});

describe('a table whose trigger refuses all generated rows', () => {
  it('is tested with the values of its sample rows, and so is a table that refers to it', async () => {
    const url = await library.open();
    await execute(
      url,
      'create table flight (id serial primary key, code text not null, seats int[])',
      `create table ticket (id serial primary key, flight_id int not null,
        constraint ticket_flight_id_flight_id_fk foreign key (flight_id) references flight on delete cascade)`,
      `create function require_code() returns trigger language plpgsql as
        $$ begin if new.code !~ '^LH[0-9]+$' then raise exception 'no flight'; end if; return new; end $$`,
      'create trigger require_code before insert or update on flight for each row execute function require_code()',
    );
    const flight = pgTable('flight', {
      id: serial('id').primaryKey(),
      code: text('code').notNull(),
      seats: integer('seats').array(),
    });
    const flightId = integer('flight_id').notNull();
    const ticket = pgTable('ticket', {
      id: serial('id').primaryKey(),
      flightId: flightId.references(() => flight.id, { onDelete: 'cascade' }),
    });
    const rows = [{ code: 'LH400', seats: [1, 2] }];
    const tables = { flight, ticket };
    const database = { ...library.database, schema: tables, validators: validatorsFor(tables) };
    const withSamples = { ...database, samples: { rows: [sampleRows(flight, { by: ['code'], rows })] } };
    const only = ['behave/row', 'behave/cascade', 'behave/fk-reject'];
    const statuses = async (definition: DatabaseDefinition) =>
      (await prove(url, { app: { database: definition, checks: [] }, shadow: url, mayWrite: true, only })).map(
        ({ status }) => status,
      );
    expect(await statuses(withSamples)).toEqual(['pass', 'pass', 'pass']);
    expect(await statuses(database)).toContain('warn');
  });
});

/** The first sabotage of each check. All sabotages are in any-schema.stress.ts. */
const SAMPLE = LIBRARY_SABOTAGES.filter(
  ([id], index) => LIBRARY_SABOTAGES.findIndex(([other]) => other === id) === index,
);

describe('a sabotage of a schema that no check was written for', () => {
  it.each(SAMPLE)('is found by %s: %j', async (...sabotage) => {
    expect(await isFound(library, clean, sabotage)).toBe(true);
  });

  it('is reported once if no row can be inserted, and the other tables are still checked', async () => {
    const url = await library.open();
    await execute(url, 'alter table shelf add check (false)');
    const results = await prove(url, { app: library, only: ['behave', 'validate'], mayWrite: true });
    expect(results.filter(({ status }) => status !== 'pass').map(({ id, status }) => `${id} ${status}`)).toEqual([
      'behave/row warn',
    ]);
    expect(results.find(({ id }) => id === 'behave/not-null')?.detail).toMatch(
      /tables tested; no test row could be inserted into: shelf$/,
    );
  });
});

describe('an incomplete database definition', () => {
  it('is found if a table has no validators', async () => {
    const { event: _, ...others } = validatorsFor<typeof schema>(schema, {});
    const app = { ...library, database: { ...library.database, validators: others } };
    const results = await prove(clean, { app, only: ['validate/limits'] });
    expect(results.map((result) => [result.status, havesOf(result)])).toEqual([
      ['warn', ['audit.event has no validators']],
    ]);
  });

  it('is found if a validator accepts a value that its column refuses', async () => {
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

  it('is found if an error message is registered for a constraint that does not exist', async () => {
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
