/** Like `global-setup.ts`, on the oldest supported PostgreSQL. */
import { localNeon } from '@todo/local-neon/vitest';

import { migrate } from '../src/index.ts';
import { database } from './fixture/database.js';

export default localNeon({ migrate: (url) => migrate(url, database.migrations), postgresVersion: '15.18.0-beta.17' });
