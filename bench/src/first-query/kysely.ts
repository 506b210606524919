/** Kysely with its dialect for Neon. */
import { neon, neonConfig } from '@neondatabase/serverless';
import { CamelCasePlugin, Kysely } from 'kysely';
import { NeonDialect } from 'kysely-neon';

import type { KyselySchema } from '../queries/kysely-schema.ts';
import { setLocalEndpoint, type FirstQuery } from './first-query.ts';

export const firstQuery: FirstQuery = (url) => {
  setLocalEndpoint(neonConfig, url);
  const db = new Kysely<KyselySchema>({
    dialect: new NeonDialect({ neon: neon(url) }),
    plugins: [new CamelCasePlugin()],
  });
  return db.selectFrom('todo').selectAll().where('userId', '=', 1).execute();
};
