/** One local Neon for the run; each test file works on clones of its migrated database. */
import { migrate } from '@todo/db/migrate';
import { localNeon } from '@todo/local-neon/vitest';

export default localNeon({ migrate });
