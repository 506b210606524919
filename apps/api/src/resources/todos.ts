/** The todos of the signed-in user. The session names the user; the response for another user's todo is 404. */
import { createRoute, z } from '@hono/zod-openapi';
import { todosOf } from '@todo/db/queries';
import { idSchema, listOptionsSchema, newTodoSchema, selectTodoSchema, todoPatchSchema } from '@todo/db/validators';
import { HTTPException } from 'hono/http-exception';

import type { Api, ApiOptions } from '../context.ts';
import { describeProblem } from '../problem.ts';
import { body, json, newRouter } from '../router.ts';
import { requireUser } from '../session-cookie.ts';

const todo = json('The todo', selectTodoSchema);
const commonOptions = { tags: ['todos'], security: [{ session: [] }] };
const refusals = { 400: describeProblem('A field is not valid'), 401: describeProblem('No user is signed in') };
const NOT_FOUND = 'There is no such todo, or it belongs to another owner.';
const notFound = { 404: describeProblem(NOT_FOUND) };
const idParams = z.object({ id: idSchema });

const list = createRoute({
  ...commonOptions,
  method: 'get',
  path: '/todos',
  summary: 'List a page of todos. `nextCursor` is the cursor of the next page, or null on the last page',
  request: { query: listOptionsSchema },
  responses: {
    200: json('A page', z.object({ todos: z.array(selectTodoSchema), nextCursor: z.string().nullable() })),
    ...refusals,
  },
});

const create = createRoute({
  ...commonOptions,
  method: 'post',
  path: '/todos',
  summary: 'Add a todo',
  request: { body: body('The new todo', newTodoSchema) },
  responses: { 201: todo, ...refusals },
});

const stats = createRoute({
  ...commonOptions,
  method: 'get',
  path: '/todos/stats',
  summary: 'Count all todos, and the completed ones',
  responses: { 200: json('Two counts', z.object({ total: z.int(), completed: z.int() })), ...refusals },
});

const read = createRoute({
  ...commonOptions,
  method: 'get',
  path: '/todos/{id}',
  summary: 'Read a todo',
  request: { params: idParams },
  responses: { 200: todo, ...refusals, ...notFound },
});

const patch = createRoute({
  ...commonOptions,
  method: 'patch',
  path: '/todos/{id}',
  summary: 'Change the fields in the body',
  request: { params: idParams, body: body('At least one change', todoPatchSchema) },
  responses: { 200: todo, ...refusals, ...notFound },
});

const complete = createRoute({
  ...commonOptions,
  method: 'post',
  path: '/todos/{id}/complete',
  summary: 'Complete a todo',
  request: { params: idParams },
  responses: { 200: todo, ...refusals, ...notFound },
});

const remove = createRoute({
  ...commonOptions,
  method: 'delete',
  path: '/todos/{id}',
  summary: 'Delete a todo',
  request: { params: idParams },
  responses: { 204: { description: 'The todo is deleted' }, ...refusals, ...notFound },
});

export function todoRoutes(options: ApiOptions): Api {
  const api = newRouter();
  api.use('/todos/*', requireUser(options));
  const todosOfUser = (userId: number) => todosOf(options.db, userId);

  api.openapi(list, async (c) => {
    const { todos, nextCursor = null } = await todosOfUser(c.get('userId')).list(c.req.valid('query'));
    return c.json({ todos: [...todos], nextCursor }, 200);
  });
  api.openapi(create, async (c) => c.json(await todosOfUser(c.get('userId')).create(c.req.valid('json')), 201));
  api.openapi(stats, async (c) => c.json(await todosOfUser(c.get('userId')).stats(), 200));
  api.openapi(read, async (c) => {
    const found = await todosOfUser(c.get('userId')).get(c.req.valid('param').id);
    if (found === undefined) throw new HTTPException(404, { message: NOT_FOUND });
    return c.json(found, 200);
  });
  api.openapi(patch, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await todosOfUser(c.get('userId')).update(id, c.req.valid('json')), 200);
  });
  api.openapi(complete, async (c) => c.json(await todosOfUser(c.get('userId')).complete(c.req.valid('param').id), 200));
  api.openapi(remove, async (c) => {
    await todosOfUser(c.get('userId')).remove(c.req.valid('param').id);
    return c.body(null, 204);
  });
  return api;
}
