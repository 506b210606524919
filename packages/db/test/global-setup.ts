/** One local Neon for the run; each test file works on clones of its migrated database. */
import { localNeon } from '@todo/local-neon/vitest';

import { migrate } from '../src/migrate/index.ts';

export default localNeon({ migrate });
