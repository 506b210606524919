/** One local Neon for the run; each test file works on clones of its database. */
import { localNeon } from '@todo/local-neon/vitest';

import { createTables } from './fixture/create-tables.ts';

export default localNeon({ migrate: createTables });
