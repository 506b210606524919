/** What every route of the API knows. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Database } from '@todo/db';
import type { MigrationState } from '@todo/db/migrate';

import type { Log } from './log.ts';

export interface ApiOptions {
  /** Of either transport: the API needs no interactive transaction. */
  readonly db: Database;
  /** Signs the cookie of a session. Whoever has it can sign in as anybody. */
  readonly sessionSecret: string;
  /** What `/readyz` asks. */
  readonly migrationStates: () => Promise<readonly MigrationState[]>;
  /** Whether browsers send the cookie over HTTPS only. */
  readonly isSecure: boolean;
  readonly log: Log;
}

export interface Env {
  readonly Variables: {
    readonly requestId: string;
    /** Of the user who is signed in; set on the routes that ask for one. */
    userId: number;
    /** What the request ended with, for its line in the log. */
    failure: unknown;
  };
}

export type Api = OpenAPIHono<Env>;
