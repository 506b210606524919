/** The reference app on Workers: a client over HTTP serves all requests; over WebSocket each request opens its own. */
import { createApi } from '@todo/api/dist/app.js';
import { connectHttp, type Database, withDatabase } from '@todo/db';

interface Env {
  readonly DATABASE_URL: string;
  readonly SESSION_SECRET: string;
  readonly TRANSPORT: string;
}

export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    if (env.TRANSPORT === 'http') return apiOn(connectHttp(env.DATABASE_URL), env).fetch(request);
    return withDatabase(env.DATABASE_URL, async (db) => await apiOn(db, env).fetch(request));
  },
};

function apiOn(db: Database, { SESSION_SECRET: sessionSecret }: Env) {
  return createApi({
    db,
    sessionSecret,
    isSecure: false,
    // A worker has no folder of migrations: a deployment applies them before it.
    migrationStates: async () => [],
    log: () => {},
  });
}
