/** What an app says of the clients, and what must compile. `tsconfig.json` beside it has the settings. */
import { connectHttp, connectWebSocket, shared } from '@todo/db';
import { publishEvents } from '@todo/db/diagnostics';
import { httpStatusOf } from '@todo/db/errors';
import { connectHttp as connectOverHttp } from '@todo/db/http';
import { todosOf } from '@todo/db/queries';
import { todo } from '@todo/db/schema';
import { sqlComment } from '@todo/db/sql-comment';
import { idSchema, listOptionsSchema, newTodoSchema } from '@todo/db/validators';
import { eq } from 'drizzle-orm';

export const db = shared(() => connectWebSocket(undefined));
export const query = connectHttp(undefined).select().from(todo).where(eq(todo.userId, 1));
export const status: number = httpStatusOf(undefined, { 'owner-missing': 401 });
export const list = (sent: unknown) => todosOf(connectOverHttp(undefined), 1).list(listOptionsSchema.parse(sent));
export const get = (sent: unknown) => todosOf(db, 1).get(idSchema.parse(sent));
export const commented = connectOverHttp(undefined, { comment: sqlComment(() => ({ route: '/todos' })) });
publishEvents()?.operations.query.asyncEnd.subscribe(({ rows, error }) => [rows?.toFixed(), error?.length]);
export const { waiting } = db.stats();
export const create = (sent: unknown) => todosOf(db, 1).create(newTodoSchema.parse(sent));
