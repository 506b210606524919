/** Queries written by hand: named statements on the driver's `Pool`, which is the `Pool` of `pg`. This is the minimum of work for these queries. */
import type { Pool, QueryConfig } from '@neondatabase/serverless';

import { openPool } from './neon-driver.ts';
import { type OpenTodoQueries, firstRow, PAGE_SIZE, type Todo, type TodoQueries, toPage } from './todo-queries.ts';

export const open: OpenTodoQueries = (url) => queriesOn(openPool(url), LIST);

const COLUMNS = `id, title, description, is_completed as "isCompleted", user_id as "userId", created_at as "createdAt",
  updated_at as "updatedAt"`;

export const LIST = namedQuery('list', `select ${COLUMNS} from todo where user_id = $1 order by id desc limit $2`);
const GET = namedQuery('get', `select ${COLUMNS} from todo where user_id = $1 and id = $2`);
const CREATE = namedQuery('create', `insert into todo (user_id, title) values ($1, $2) returning ${COLUMNS}`);
const COMPLETE = namedQuery(
  'complete',
  `update todo set is_completed = true, updated_at = now() where user_id = $1 and id = $2 returning ${COLUMNS}`,
);

function namedQuery(name: string, text: string): QueryConfig {
  return { name, text };
}

export function queriesOn(pool: Pool, listQuery: QueryConfig): TodoQueries {
  const readRows = async (query: QueryConfig, values: unknown[]) => (await pool.query<Todo>({ ...query, values })).rows;
  return {
    list: async (userId) => toPage(await readRows(listQuery, [userId, PAGE_SIZE + 1])),
    get: async (userId, id) => (await readRows(GET, [userId, id]))[0],
    create: async (userId, title) => firstRow(await readRows(CREATE, [userId, title])),
    complete: async (userId, id) => firstRow(await readRows(COMPLETE, [userId, id])),
    close: () => pool.end(),
  };
}
