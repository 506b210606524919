import { localNeon } from '@todo/local-neon/vitest';
import { migrate } from '@todo/migrator';

import { app } from '../src/app.ts';
import { migrateTwoTables } from './two-tables/two-tables.ts';

export default localNeon({
  migrate: async (url) => {
    await migrate(url, app.database.migrations);
    await migrateTwoTables(url);
  },
});
