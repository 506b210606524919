import { migrate } from '@todo/db/migrate';
import { localNeon } from '@todo/local-neon/vitest';

export default localNeon({ migrate });
