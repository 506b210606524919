/** Prisma with its adapter for Neon's driver over WebSocket. */
import { PrismaNeon } from '@prisma/adapter-neon';

import { configureNeon } from './neon-driver.ts';
import { loadPrismaClient } from './prisma-client.ts';
import { type OpenTodoQueries, PAGE_SIZE, toPage } from './todo-queries.ts';

export const open: OpenTodoQueries = async (url) => {
  configureNeon(url);
  const PrismaClient = await loadPrismaClient();
  const prisma = new PrismaClient({ adapter: new PrismaNeon({ connectionString: url }) });
  return {
    list: async (userId) =>
      toPage(await prisma.todo.findMany({ where: { userId }, orderBy: { id: 'desc' }, take: PAGE_SIZE + 1 })),
    get: (userId, id) => prisma.todo.findUnique({ where: { id, userId } }),
    create: (userId, title) => prisma.todo.create({ data: { userId, title } }),
    complete: (userId, id) => prisma.todo.update({ where: { id, userId }, data: { isCompleted: true } }),
    close: () => prisma.$disconnect(),
  };
};
