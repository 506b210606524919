/** The parts of the app that the clients need. */
import type { AppSchema } from '@todo/client';

import { constraintErrors } from './constraint-errors.ts';
import * as schema from './index.ts';

export type AppTables = typeof schema;

export const appSchema = { schema, constraintErrors } satisfies AppSchema<AppTables>;
