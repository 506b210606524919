/** Prisma's local server, queried through its port. Environment variables set its data folder. */
import { startPrismaDevServer } from '@prisma/dev';

import { queryOverTcp } from './query-over-tcp.ts';
import type { Starter } from './starter.ts';

export const start: Starter = async () => {
  const server = await startPrismaDevServer({ name: 'bench', persistenceMode: 'stateful' });
  return { query: () => queryOverTcp(server.database.connectionString), stop: () => server.close() };
};
