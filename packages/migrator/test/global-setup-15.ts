/** As `global-setup.ts`, on the oldest PostgreSQL that is supported. */
import { localNeon } from '@todo/local-neon/vitest';

import { migrate } from '../src/index.ts';
import { database } from './fixture/database.js';

export default localNeon({ migrate: (url) => migrate(url, database.migrations), postgresVersion: '15.18.0-beta.17' });
