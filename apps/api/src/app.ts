/** The todo app's HTTP API: `Request` to `Response`, on any runtime. */
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { requestId } from 'hono/request-id';

import type { Api, ApiOptions, Env } from './context.ts';
import { docsPage } from './docs-page.ts';
import { logRequests } from './log.ts';
import { toErrorResponse, problem } from './problem.ts';
import { healthRoutes } from './resources/health.ts';
import { sessionRoutes } from './resources/session.ts';
import { todoRoutes } from './resources/todos.ts';
import { userRoutes } from './resources/users.ts';
import { newRouter } from './router.ts';
import { SESSION_COOKIE } from './session-cookie.ts';

const BODY_BYTES_MAX = 1_048_576;

/**
 * Returns the API as a function from `Request` to `Response`.
 * @example const api = createApi({ db: connectHttp(process.env.DATABASE_URL), … }); api.fetch(request);
 */
export function createApi(options: ApiOptions): Api {
  const api = newRouter();
  api.use(requestId(), logRequests(options.log));
  api.use(bodyLimit({ maxSize: BODY_BYTES_MAX, onError: tooLargeResponse }));
  api.onError(toErrorResponse);
  api.notFound((c) => problem(c, 404, 'This path does not exist. GET /openapi.json lists the routes.'));

  api.route('/', userRoutes(options));
  api.route('/', sessionRoutes(options));
  api.route('/', todoRoutes(options));
  api.route('/', healthRoutes(options));

  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
  });
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Todo API',
      version: '0.1.0',
      description:
        'Sign in with `POST /session`, or sign up with `POST /users`. Both set a cookie, which authenticates the next requests.',
    },
  });
  api.get('/docs', (c) => c.html(docsPage('/openapi.json')));
  return api;
}

/** The response for a too large body. Closes the connection: the client still sends the rest of the body, so no other request can use the connection. */
function tooLargeResponse(c: Context<Env>): Response {
  c.header('connection', 'close');
  return problem(c, 413, 'The body is larger than 1 MiB.');
}
