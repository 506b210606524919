/** The route to sign up. */
import { createRoute, z } from '@hono/zod-openapi';
import { users } from '@todo/db/queries';
import { insertUserSchema, publicUserSchema } from '@todo/db/validators';

import type { Api, ApiOptions } from '../context.ts';
import { hashPassword, passwordSchema } from '../password.ts';
import { describeProblem } from '../problem.ts';
import { body, json, newRouter } from '../router.ts';
import { startSession } from '../session-cookie.ts';

/** Parsing normalises the address, because addresses are stored in that form. */
export const credentialsSchema = z.strictObject({ email: insertUserSchema.shape.email, password: passwordSchema });

const signUp = createRoute({
  method: 'post',
  path: '/users',
  tags: ['users'],
  summary: 'Sign up, and sign in',
  request: { body: body('The new user', credentialsSchema) },
  responses: {
    201: json('The user; sets the session cookie', publicUserSchema),
    400: describeProblem('A field is not valid'),
    409: describeProblem('Another user has this address'),
  },
});

export function userRoutes(options: ApiOptions): Api {
  return newRouter().openapi(signUp, async (c) => {
    const { email, password } = c.req.valid('json');
    const user = await users(options.db).create({ email, hashedPassword: await hashPassword(password) });
    await startSession(c, options, user.id);
    return c.json(user, 201);
  });
}
