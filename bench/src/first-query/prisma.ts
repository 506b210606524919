/** Prisma's client with its adapter for Neon over HTTP. */
import { neonConfig } from '@neondatabase/serverless';
import { PrismaNeonHttp } from '@prisma/adapter-neon';

import { loadPrismaClient } from '../queries/prisma-client.ts';
import { setLocalEndpoint, type FirstQuery } from './first-query.ts';

export const firstQuery: FirstQuery = async (url) => {
  setLocalEndpoint(neonConfig, url);
  const PrismaClient = await loadPrismaClient();
  const prisma = new PrismaClient({ adapter: new PrismaNeonHttp(url, {}) });
  return prisma.todo.findMany({ where: { userId: 1 } });
};
