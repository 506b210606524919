/** Health routes for load balancers and deployments: whether the database responds, and whether all migrations are applied. */
import { createRoute, z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';

import type { Api, ApiOptions } from '../context.ts';
import { describeProblem } from '../problem.ts';
import { json, newRouter } from '../router.ts';
import { waitAtMost } from '../wait-at-most.ts';

const HEALTH_TIMEOUT_MS = 1000;
const READY_TIMEOUT_MS = 5000;
const NO_RESPONSE = 'The database did not respond in time.';

const healthSchema = z.object({ isHealthy: z.boolean() });
const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['health'],
  summary: 'Whether the database responds within a second',
  responses: {
    200: json('The database responds', healthSchema),
    503: json('The database does not respond', healthSchema),
  },
});

const readySchema = z.object({
  isReady: z.boolean(),
  /** The migrations that are not applied, in the order of the journal. */
  migrations: z.array(z.object({ name: z.string(), state: z.string() })),
});
const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['health'],
  summary: 'Whether every migration is applied',
  responses: {
    200: json('Every migration is applied', readySchema),
    500: describeProblem('The state of the migrations cannot be read'),
    503: json('Some migrations are not applied, or the database does not respond', readySchema),
  },
});

export function healthRoutes({ db, migrationStates }: ApiOptions): Api {
  const api = newRouter();
  api.openapi(healthz, async (c) => {
    try {
      await waitAtMost<unknown>(HEALTH_TIMEOUT_MS, db.execute(sql`select 1`), NO_RESPONSE);
      return c.json({ isHealthy: true }, 200);
    } catch (error) {
      c.set('failure', error);
      return c.json({ isHealthy: false }, 503);
    }
  });
  api.openapi(readyz, async (c) => {
    try {
      const states = await waitAtMost(READY_TIMEOUT_MS, migrationStates(), NO_RESPONSE);
      const migrations = states.filter(({ state }) => state !== 'applied').map(({ name, state }) => ({ name, state }));
      const isReady = migrations.length === 0;
      return c.json({ isReady, migrations }, isReady ? 200 : 503);
    } catch (error) {
      c.set('failure', error);
      return c.json({ isReady: false, migrations: [] }, 503);
    }
  });
  return api;
}
