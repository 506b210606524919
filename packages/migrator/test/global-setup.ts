/** Starts one local Neon for the run. Each test file uses clones of its migrated database. */
import { localNeon } from '@todo/local-neon/vitest';

import { migrate } from '../src/index.ts';
import { database } from './fixture/database.js';

export default localNeon({ migrate: (url) => migrate(url, database.migrations) });
