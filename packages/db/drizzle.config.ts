/** For drizzle-kit. Only `studio` connects: `push` and `migrate` are commands of @todo/migrator. */
import { defineConfig } from 'drizzle-kit';

import { loadEnvironment } from './src/environment.ts';

const { databaseUrl } = loadEnvironment();

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema/index.ts',
  out: './migrations',
  ...(databaseUrl !== undefined && { dbCredentials: { url: databaseUrl } }),
});
