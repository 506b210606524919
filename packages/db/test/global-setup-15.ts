/** As `global-setup.ts`, on the oldest PostgreSQL that is supported. */
import { localNeon } from '@todo/local-neon/vitest';

import { migrate } from '../src/migrate/index.ts';

export default localNeon({ migrate, postgresVersion: '15.18.0-beta.17' });
