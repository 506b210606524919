/** Prisma's client. */
import type { Todo } from './todo-queries.ts';

/** The used part of the client, because its own types exist only after its generation. */
interface PrismaClient {
  readonly todo: {
    findMany(query: { where: object; orderBy?: object; take?: number }): Promise<Todo[]>;
    findUnique(query: { where: object }): Promise<Todo | null>;
    create(query: { data: object }): Promise<Todo>;
    update(query: { where: object; data: object }): Promise<Todo>;
  };
  $disconnect(): Promise<void>;
}

type PrismaClientClass = new (options: { adapter: object }) => PrismaClient;

/** The client exists after `generatePrismaClient` has run. */
export async function loadPrismaClient(): Promise<PrismaClientClass> {
  // @ts-expect-error -- The module is generated beside the compiled files, so it does not exist beside this one.
  const generated = (await import('./prisma/client.js')) as { readonly PrismaClient: PrismaClientClass };
  return generated.PrismaClient;
}
