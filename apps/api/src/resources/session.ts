/** Routes to sign in, to sign out, and to read the signed-in user. */
import { createRoute } from '@hono/zod-openapi';
import { users } from '@todo/db/queries';
import { publicUserSchema } from '@todo/db/validators';
import { HTTPException } from 'hono/http-exception';

import type { Api, ApiOptions } from '../context.ts';
import { matchesHash } from '../password.ts';
import { describeProblem } from '../problem.ts';
import { body, json, newRouter } from '../router.ts';
import { endSession, requireUser, SIGN_IN, startSession } from '../session-cookie.ts';
import { credentialsSchema } from './users.ts';

const tags = ['session'];

const signIn = createRoute({
  method: 'post',
  path: '/session',
  tags,
  summary: 'Sign in',
  request: { body: body('Email address and password', credentialsSchema) },
  responses: {
    200: json('The user; sets the session cookie', publicUserSchema),
    400: describeProblem('A field is not valid'),
    401: describeProblem('No user has this address and this password'),
  },
});

const signOut = createRoute({
  method: 'delete',
  path: '/session',
  tags,
  summary: 'Sign out',
  responses: { 204: { description: 'The session cookie is deleted' } },
});

const read = createRoute({
  method: 'get',
  path: '/session',
  tags,
  summary: 'Read the signed-in user',
  security: [{ session: [] }],
  responses: { 200: json('The user', publicUserSchema), 401: describeProblem('No user is signed in') },
});

export function sessionRoutes(options: ApiOptions): Api {
  const { db } = options;
  const api = newRouter();

  api.openapi(signIn, async (c) => {
    const { email, password } = c.req.valid('json');
    const found = await users(db).byEmail(email, { hashedPassword: true });
    const isPasswordRight = await matchesHash(password, found?.hashedPassword);
    if (found === undefined || !isPasswordRight)
      throw new HTTPException(401, { message: 'No user has this address and this password.' });
    const { hashedPassword: _, ...user } = found;
    await startSession(c, options, user.id);
    return c.json(user, 200);
  });

  api.openapi(signOut, (c) => {
    endSession(c);
    return c.body(null, 204);
  });

  api.openapi({ ...read, middleware: requireUser(options) }, async (c) => {
    const user = await users(db).byId(c.get('userId'));
    if (user === undefined) throw new HTTPException(401, { message: SIGN_IN });
    return c.json(user, 200);
  });
  return api;
}
