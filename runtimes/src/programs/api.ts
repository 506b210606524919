/** The reference app for runtimes where no process outlives a request: over WebSocket, each request opens and closes a database. */
import { createApi } from '@todo/api/dist/app.js';
import { connectHttp, type Database, withDatabase } from '@todo/db';

export interface ApiEnv {
  readonly DATABASE_URL: string;
  readonly SESSION_SECRET: string;
  readonly TRANSPORT: string;
}

/** Passes the request to the app, on a database over the transport of the environment. */
export async function respondWithApi(request: Request, env: ApiEnv): Promise<Response> {
  if (env.TRANSPORT === 'http') return await createApiOn(connectHttp(env.DATABASE_URL), env).fetch(request);
  return await withDatabase(env.DATABASE_URL, async (db) => await createApiOn(db, env).fetch(request));
}

function createApiOn(db: Database, { SESSION_SECRET: sessionSecret }: ApiEnv) {
  return createApi({
    db,
    sessionSecret,
    isSecure: false,
    // These runtimes have no folder of migrations. A deployment applies the migrations before it starts the app.
    migrationStates: async () => [],
    // The output is shown when a test fails. These runtimes have no other stream.
    // oxlint-disable-next-line no-console
    log: (entry) => void (entry.status === 500 && console.error(JSON.stringify(entry))),
  });
}
