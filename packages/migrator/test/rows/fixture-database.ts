/** A local Neon for one test file, with a database for each test. */
import { randomBytes } from 'node:crypto';

import { connectSession, type OwnSession } from '@todo/client/session';
import { type LocalNeon, startLocalNeon } from '@todo/local-neon';
import { afterAll, beforeAll } from 'vitest';

import type { Shadow } from '../../src/index.ts';
import { readTables, type RowMaker, rowMaker, type RowMakerOptions, type TableShape } from '../../src/rows/index.ts';

/** Returns a function that opens an empty database. */
export function databases(): () => Promise<Shadow> {
  let neon: LocalNeon;
  beforeAll(async () => {
    neon = await startLocalNeon();
  });
  afterAll(() => neon.close());
  return async () => {
    const name = `rows-${randomBytes(6).toString('hex')}`;
    const { url } = await neon.branches.create(name, { from: 'template1' });
    return { url, [Symbol.asyncDispose]: () => neon.branches.delete(name) };
  };
}

export interface Fixture extends AsyncDisposable {
  /** The session is inside a transaction. */
  readonly session: OwnSession;
  readonly tables: readonly TableShape[];
  /** @throws if there is no such table. */
  readonly table: (name: string, schema?: string) => TableShape;
  readonly maker: RowMaker;
  readonly query: (text: string, params?: unknown[]) => Promise<Record<string, unknown>[]>;
}

/** Returns a function that runs these statements in a new database and begins a transaction there. */
export function fixtures(): (sql: string, options?: RowMakerOptions) => Promise<Fixture> {
  const open = databases();
  return async (sql, options) => {
    const database = await open();
    const session = await connectSession(database.url);
    await session.query(sql);
    const tables = await readTables(session);
    await session.query('begin');
    return {
      session,
      tables,
      table: (wanted, schema = 'public') => {
        const found = tables.find((table) => table.name === wanted && table.schema === schema);
        if (found === undefined) throw new Error(`The fixture has no table ${schema}.${wanted}.`);
        return found;
      },
      maker: rowMaker(session, tables, options),
      query: async (text, params) => (await session.query(text, params)).rows,
      [Symbol.asyncDispose]: async () => {
        await session.close();
        await database[Symbol.asyncDispose]();
      },
    };
  };
}
