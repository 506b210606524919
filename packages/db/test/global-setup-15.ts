/** As `global-setup.ts`, on the oldest supported PostgreSQL. */
import { localNeon } from '@todo/local-neon/vitest';
import { migrate } from '@todo/migrator';

import { database } from '../src/database.ts';

export default localNeon({ migrate: (url) => migrate(url, database.migrations), postgresVersion: '15.18.0-beta.17' });
