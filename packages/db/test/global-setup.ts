/** One local Neon for the run; each test file works on clones of its migrated database. */
import { localNeon } from '@todo/local-neon/vitest';
import { migrate } from '@todo/migrator';

import { database } from '../src/database.ts';

export default localNeon({ migrate: (url) => migrate(url, database.migrations) });
