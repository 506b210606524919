/** Kysely, with its own plugin for columns in snake case. Its dialect for PostgreSQL takes the driver's `Pool`. */
import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely';

import type { KyselySchema } from './kysely-schema.ts';
import { openPool } from './neon-driver.ts';
import { type OpenTodoQueries, PAGE_SIZE, toPage } from './todo-queries.ts';

export const open: OpenTodoQueries = (url) => {
  const db = new Kysely<KyselySchema>({
    dialect: new PostgresDialect({ pool: openPool(url) }),
    plugins: [new CamelCasePlugin()],
  });
  return {
    list: async (userId) =>
      toPage(
        await db
          .selectFrom('todo')
          .selectAll()
          .where('userId', '=', userId)
          .orderBy('id', 'desc')
          .limit(PAGE_SIZE + 1)
          .execute(),
      ),
    get: (userId, id) =>
      db.selectFrom('todo').selectAll().where('userId', '=', userId).where('id', '=', id).executeTakeFirst(),
    create: (userId, title) => db.insertInto('todo').values({ userId, title }).returningAll().executeTakeFirstOrThrow(),
    complete: (userId, id) =>
      db
        .updateTable('todo')
        .set({ isCompleted: true, updatedAt: sql`now()` })
        .where('userId', '=', userId)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow(),
    close: () => db.destroy(),
  };
};
