/** The same on the oldest PostgreSQL that is supported. */
import { localNeon } from '@todo/local-neon/vitest';

import { createTables } from './fixture/create-tables.ts';

export default localNeon({ migrate: createTables, postgresVersion: '15.18.0-beta.17' });
