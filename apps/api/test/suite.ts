/** Tests of the API that use only `fetch`, for a server in this process or on another runtime. */
import { connectHttp } from '@todo/db';
import { user } from '@todo/db/schema';
import { eq } from 'drizzle-orm';
import { setSignedCookie } from 'hono/cookie';
import { Hono } from 'hono';
import { expect, onTestFinished, test } from 'vitest';

import { newcomer, PASSWORD, caller } from './client.ts';

/** The secret with which the server must sign its cookies. */
export const SESSION_SECRET = 'the secret of these tests, 32 characters';

export interface Served {
  /** The URL of the API. */
  readonly origin: () => string;
  /** Its database, migrated and without users. */
  readonly url: () => string;
}

/** Registers the tests. The functions are called when the tests run. */
export function apiSuite({ origin, url }: Served): void {
  test('a user signs up, is signed in, signs out, and signs in again with another spelling of the address', async () => {
    const guest = caller(origin());
    const made = await guest.send('POST', '/users', { email: ' Ada@Example.com', password: PASSWORD });
    expect(made).toMatchObject({ status: 201, body: { id: expect.any(Number), email: 'ada@example.com' } });
    expect(made.body).not.toHaveProperty('hashedPassword');
    const [cookie] = made.headers.getSetCookie();
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(await guest.send('GET', '/session')).toMatchObject({ status: 200, body: made.body });

    expect(await guest.send('DELETE', '/session')).toMatchObject({ status: 204 });
    expect(await guest.send('GET', '/session')).toMatchObject({ status: 401 });
    const again = await guest.send('POST', '/session', { email: 'ADA@example.com', password: PASSWORD });
    expect(again).toMatchObject({ status: 200, body: made.body });
    expect(await guest.send('GET', '/session')).toMatchObject({ status: 200 });
  });

  test('a taken address gets the response 409, in any spelling', async () => {
    const { email } = await newcomer(origin());
    const response = await caller(origin()).send('POST', '/users', { email: email.toUpperCase(), password: PASSWORD });
    expect(response).toMatchObject({ status: 409, body: { kind: 'email-taken', requestId: expect.any(String) } });
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('x-request-id')).toBe(response.body.requestId);
  });

  test('a wrong password and an unknown address get the same response', async () => {
    const { email } = await newcomer(origin());
    const guest = caller(origin());
    const wrong = await guest.send('POST', '/session', { email, password: 'wrong horse' });
    const unknown = await guest.send('POST', '/session', { email: 'nobody@example.com', password: PASSWORD });
    for (const { status, body } of [wrong, unknown]) {
      expect({ status, title: body.title }).toEqual({
        status: 401,
        title: 'No user has this address and this password.',
      });
    }
    expect(guest.cookie).toBe('');
  });

  test('a todo is added, read, changed, completed, counted and deleted', async () => {
    const ada = await newcomer(origin());
    const added = await ada.send('POST', '/todos', { title: 'Write the notes' });
    expect(added).toMatchObject({ status: 201, body: { description: null, isCompleted: false } });
    const path = `/todos/${added.body.id}`;
    expect(await ada.send('GET', path)).toMatchObject({ status: 200, body: added.body });
    const patched = await ada.send('PATCH', path, { description: 'A to G' });
    expect(patched).toMatchObject({ status: 200, body: { title: 'Write the notes', description: 'A to G' } });
    expect(await ada.send('POST', `${path}/complete`)).toMatchObject({ status: 200, body: { isCompleted: true } });
    expect(await ada.send('GET', '/todos/stats')).toMatchObject({ status: 200, body: { total: 1, completed: 1 } });
    expect(await ada.send('DELETE', path)).toMatchObject({ status: 204, body: '' });
    for (const [method, at, body] of [
      ['GET', path],
      ['PATCH', path, { title: 'x' }],
      ['POST', `${path}/complete`],
      ['DELETE', path],
    ] as const) {
      expect(await ada.send(method, at, body)).toMatchObject({ status: 404, body: { requestId: expect.any(String) } });
    }
  });

  test('pages follow each other without a gap, in both orders and through a filter', async () => {
    const ada = await newcomer(origin());
    for (const n of [1, 2, 3, 4, 5]) await ada.send('POST', '/todos', { title: `${n}`, isCompleted: n % 2 === 0 });
    const titles = async (query: string) => {
      const found: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { body } = await ada.send('GET', `/todos?limit=2&${query}${cursor && `&cursor=${cursor}`}`);
        found.push(...body.todos.map(({ title }: { title: string }) => title));
        cursor = body.nextCursor;
      }
      return found.join('');
    };
    expect(await titles('')).toBe('54321');
    expect(await titles('order=oldest')).toBe('12345');
    expect(await titles('isCompleted=false')).toBe('531');
  });

  test('another user’s todo gets the response 404', async () => {
    const [ada, eve] = [await newcomer(origin()), await newcomer(origin())];
    const { body: mine } = await ada.send('POST', '/todos', { title: 'Mine' });
    const path = `/todos/${mine.id}`;
    for (const [method, at, body] of [
      ['GET', path],
      ['PATCH', path, { title: 'Eve’s' }],
      ['POST', `${path}/complete`],
      ['DELETE', path],
    ] as const) {
      expect(await eve.send(method, at, body)).toMatchObject({ status: 404 });
    }
    expect((await eve.send('GET', '/todos')).body.todos).toEqual([]);
    const { body: first } = await ada.send('POST', '/todos', { title: 'Mine, too' });
    const { nextCursor } = (await ada.send('GET', '/todos?limit=1')).body;
    expect(await eve.send('GET', `/todos?cursor=${nextCursor}`)).toMatchObject({ status: 400 });
    expect(await ada.send('GET', path)).toMatchObject({ status: 200, body: { ...mine, id: first.id - 1 } });
  });

  test('a request without a session, or with a forged, expired or malformed one, gets the response 401', async () => {
    const { email } = await newcomer(origin());
    const [found] = await connectHttp(url()).select().from(user).where(eq(user.email, email));
    const soon = Math.floor(Date.now() / 1000) + 60;
    expect((await caller(origin(), await forged(`${found?.id}.${soon}`)).send('GET', '/session')).status).toBe(200);
    const refused = [
      '',
      'todo_session=1.99999999999',
      await forged(`${found?.id}.${soon}`, 'another secret, as long as the first one'),
      await forged(`${found?.id}.${soon - 120}`),
      await forged(`1.5.${soon}`),
      await forged('nobody'),
    ];
    for (const cookie of refused) {
      for (const path of ['/todos', '/todos/1', '/todos/stats', '/session']) {
        expect((await caller(origin(), cookie).send('GET', path)).status, `${cookie} ${path}`).toBe(401);
      }
      expect((await caller(origin(), cookie).send('POST', '/todos', { title: 'x' })).status).toBe(401);
    }
  });

  test('the session of a deleted user gets the response 401', async () => {
    const ada = await newcomer(origin());
    await connectHttp(url()).delete(user).where(eq(user.email, ada.email));
    expect(await ada.send('GET', '/session')).toMatchObject({ status: 401 });
    expect(await ada.send('POST', '/todos', { title: 'x' })).toMatchObject({
      status: 401,
      body: { kind: 'owner-missing' },
    });
  });

  test('invalid fields are reported by name, and nothing is stored', async () => {
    const ada = await newcomer(origin());
    const fieldsOf = async (method: string, path: string, body?: unknown) => {
      const response = await ada.send(method, path, body);
      expect(response.status).toBe(400);
      return { ...response.body.fields, ...(response.body.errors?.length > 0 ? { '': response.body.errors } : {}) };
    };
    expect(await fieldsOf('POST', '/todos', { title: 'x'.repeat(201) })).toEqual({ title: ['At most 200 characters'] });
    expect(await fieldsOf('POST', '/todos', {})).toEqual({ title: ['Required'] });
    expect(await fieldsOf('POST', '/todos', { title: 'x', userId: 1 })).toEqual({ '': ['Unrecognized key: "userId"'] });
    expect(await fieldsOf('PATCH', '/todos/1', {})).toEqual({ '': ['Give at least one column a value'] });
    expect(await fieldsOf('GET', '/todos/1.5')).toEqual({ id: ['Not a whole number'] });
    expect(await fieldsOf('GET', '/todos/2147483648')).toEqual({ id: [expect.stringMatching('At most')] });
    expect(await fieldsOf('GET', '/todos?limit=0')).toEqual({ limit: ['At least 1'] });
    expect(await fieldsOf('GET', '/todos?limit=1&limit=2')).toEqual({ limit: ['Not a whole number'] });
    expect(await fieldsOf('GET', '/todos?sort=title')).toEqual({ '': ['Unrecognized key: "sort"'] });
    expect(await fieldsOf('POST', '/users', { email: 'nobody', password: 'x' })).toEqual({
      email: ['Not an email address'],
      password: ['At least 8 characters'],
    });
    expect(await fieldsOf('POST', '/users', { email: 'a@b.c', password: 'ü'.repeat(37) })).toEqual({
      password: ['At most 72 bytes'],
    });
    expect((await ada.send('POST', '/todos', '{"title":')).status).toBe(400);
    expect((await ada.send('GET', '/todos?cursor=forged')).status).toBe(400);
    // The server responds before it has read the body, which some clients see as a closed connection.
    const tooLarge = ada.send('POST', '/todos', { title: 'x', description: 'y'.repeat(1_100_000) });
    expect([413, 'closed']).toContain(await tooLarge.then(({ status }) => status).catch(() => 'closed'));
    expect((await ada.send('GET', '/nothing')).status).toBe(404);
    expect((await ada.send('GET', '/todos/stats')).body).toEqual({ total: 0, completed: 0 });
  });

  test('/healthz and /readyz respond with 200 when every migration is applied', async () => {
    const guest = caller(origin());
    expect(await guest.send('GET', '/healthz')).toMatchObject({ status: 200, body: { isHealthy: true } });
    expect(await guest.send('GET', '/readyz')).toMatchObject({ status: 200, body: { isReady: true, migrations: [] } });
  });

  test('the response to an unexpected error contains no details of the error', async () => {
    const ada = await newcomer(origin());
    await connectHttp(url()).execute('alter table todo rename column title to heading');
    onTestFinished(() => void connectHttp(url()).execute('alter table todo rename column heading to title').then());
    const response = await ada.send('POST', '/todos', { title: 'x' });
    expect(response.status).toBe(500);
    expect(response.body.title).not.toContain('title');
  });

  test('the OpenAPI document describes each route, and its schema references exist', async () => {
    const { body } = await caller(origin()).send('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const routes = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(routes.toSorted()).toEqual([
      'delete /session',
      'delete /todos/{id}',
      'get /healthz',
      'get /readyz',
      'get /session',
      'get /todos',
      'get /todos/stats',
      'get /todos/{id}',
      'patch /todos/{id}',
      'post /session',
      'post /todos',
      'post /todos/{id}/complete',
      'post /users',
    ]);
    const newTodo = body.paths['/todos'].post.requestBody.content['application/json'].schema;
    expect(newTodo).toMatchObject({ required: ['title'], properties: { title: { type: 'string', maxLength: 200 } } });
    expect(Object.keys(newTodo.properties)).not.toContain('userId');
    expect(body.components.securitySchemes).toHaveProperty('session');
    const page = await caller(origin()).send('GET', '/docs');
    expect(page.body).toContain('/openapi.json');
  });
}

/** A cookie signed with the API's secret, or with another secret. */
async function forged(value: string, secret = SESSION_SECRET): Promise<string> {
  const app = new Hono().get('/', async (c) => {
    await setSignedCookie(c, 'todo_session', value, secret);
    return c.text('');
  });
  const response = await app.request('/');
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
