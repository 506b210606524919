import { localNeon } from '@todo/local-neon/vitest';
import { migrate } from '@todo/migrator';

import { app } from '../src/app.ts';

export default localNeon({ migrate: (url) => migrate(url, app.database.migrations) });
