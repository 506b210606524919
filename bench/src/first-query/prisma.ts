/** Prisma's client with its adapter for Neon over HTTP. */
import { PrismaNeonHttp } from '@prisma/adapter-neon';

import { loadPrismaClient } from '../queries/prisma-client.ts';
import { findLocalNeon, type FirstQuery } from './first-query.ts';

export const firstQuery: FirstQuery = async (url) => {
  findLocalNeon(url);
  const PrismaClient = await loadPrismaClient();
  const prisma = new PrismaClient({ adapter: new PrismaNeonHttp(url, {}) });
  return prisma.todo.findMany({ where: { userId: 1 } });
};
