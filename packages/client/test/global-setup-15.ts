/** As `global-setup.ts`, on the oldest supported PostgreSQL. */
import { localNeon } from '@todo/local-neon/vitest';

import { createTables } from './fixture/create-tables.ts';

export default localNeon({ migrate: createTables, postgresVersion: '15.18.0-beta.17' });
