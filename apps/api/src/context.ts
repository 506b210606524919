/** The options of the API, and the variables of a request. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Database } from '@todo/db';
import type { MigrationState } from '@todo/db/migrate';

import type { Log } from './log.ts';

export interface ApiOptions {
  /** A database over HTTP or WebSocket: the API needs no interactive transaction. */
  readonly db: Database;
  /** The key that signs the session cookie. Anyone who has the key can sign in as any user. */
  readonly sessionSecret: string;
  /** Reads the states of the migrations, for `/readyz`. */
  readonly migrationStates: () => Promise<readonly MigrationState[]>;
  /** Whether browsers send the cookie over HTTPS only. */
  readonly isSecure: boolean;
  readonly log: Log;
}

export interface Env {
  readonly Variables: {
    readonly requestId: string;
    /** The id of the signed-in user. Set on routes with `requireUser`. */
    userId: number;
    /** The error that ended the request, for its line in the log. */
    failure: unknown;
  };
}

export type Api = OpenAPIHono<Env>;
