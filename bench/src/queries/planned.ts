/** Written by hand as in `pg.ts`, but unnamed: PostgreSQL plans each list for its owner, as for `todosOf`. */
import { openPool } from './neon-driver.ts';
import { LIST, queriesOn } from './pg.ts';
import type { OpenTodoQueries } from './todo-queries.ts';

export const open: OpenTodoQueries = (url) => queriesOn(openPool(url), { text: LIST.text });
