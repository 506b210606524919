/** A local Neon of the test file's own, and in it a database for each test, made from SQL. */
import { randomBytes } from 'node:crypto';

import { type OwnSession, connectSession } from '@todo/client/session';
import { startLocalNeon } from '@todo/local-neon';
import { afterAll, beforeAll } from 'vitest';

import { readTables, type RowMaker, rowMaker, type RowMakerOptions, type TableShape } from '../../src/rows/index.ts';

export interface Fixture extends AsyncDisposable {
  readonly session: OwnSession;
  readonly url: string;
  /** @throws when there is no such table. */
  readonly table: (name: string, schema?: string) => TableShape;
  readonly tables: readonly TableShape[];
  readonly maker: RowMaker;
  readonly query: (text: string, params?: unknown[]) => Promise<Record<string, unknown>[]>;
}

/** Gives a function that makes a database of these statements and opens a transaction in it. */
export function fixtures(): (sql: string, options?: RowMakerOptions) => Promise<Fixture> {
  let neon: Awaited<ReturnType<typeof startLocalNeon>>;
  beforeAll(async () => {
    neon = await startLocalNeon();
  });
  afterAll(() => neon.close());
  return async (sql, options) => {
    const name = `rows-${randomBytes(6).toString('hex')}`;
    const { url } = await neon.branches.create(name, { from: 'template1' });
    const session = await connectSession(url);
    await session.query(sql);
    const tables = await readTables(session);
    await session.query('begin');
    return {
      session,
      url,
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
        await neon.branches.delete(name);
      },
    };
  };
}
