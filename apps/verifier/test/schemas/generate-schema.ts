/** A random Drizzle schema. The same seed draws the same schema. */
import type { Schema } from '@todo/client';

import { buildSchema } from './build-schema.ts';
import { drawVersions } from './earlier-versions.ts';
import type { SchemaPlan } from './plan.ts';

export interface GeneratedSchema {
  readonly seed: number;
  readonly plan: SchemaPlan;
  /** The module object that `import * as schema` would return. */
  readonly schema: Schema;
  /** The schema after each migration, from the first on. The last version is the schema itself. */
  readonly versions: readonly [Schema, ...Schema[]];
}

export function generateSchema(seed: number): GeneratedSchema {
  const plans = drawVersions(seed);
  const versions = plans.map(buildSchema) as [Schema, ...Schema[]];
  const [plan, schema] = [plans.at(-1), versions.at(-1)];
  if (plan === undefined || schema === undefined) throw new Error('a schema has at least one version');
  return { seed, plan, schema, versions };
}
