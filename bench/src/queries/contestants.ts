/** The contestants: ours, statements written by hand, and other libraries, each in its own process. */
import type { Context } from '../benchmark.ts';
import { type Program, startProgram } from '../programs.ts';
import type { Measured, QueryTask, QueryName } from './main.ts';
import { generatePrismaClient } from './generate-prisma-client.ts';

export interface QueryContestant extends AsyncDisposable {
  readonly runTask: (task: QueryTask) => Promise<Measured>;
}

const MAIN = new URL('main.js', import.meta.url);

/**
 * V8 decides once per process where to allocate arrays and objects that survived its first collections. If it decides for the old
 * generation, every result stays until the next full collection, and each query of the process takes about a tenth longer. The decision
 * depends on chance, not on the contestant. With this flag, V8 never decides for the old generation.
 */
const FLAGS = ['--no-allocation-site-pretenuring'];

export async function startQueryContestants(
  url: string,
  query: QueryName,
  context: Pick<Context, 'note'>,
): Promise<Record<string, QueryContestant>> {
  const hasPrisma = await generatePrismaClient(context);
  const byHand = query === 'list' ? ['pg', 'planned'] : ['pg'];
  const names = ['ours', ...byHand, 'drizzle', 'kysely', ...(hasPrisma ? ['prisma'] : [])];
  return Object.fromEntries(names.map((name) => [name, contestant(startProgram(MAIN, [name, url], { flags: FLAGS }))]));
}

function contestant(program: Program): QueryContestant {
  return {
    async runTask(task) {
      program.writeLine(JSON.stringify(task));
      return JSON.parse(await program.readLine()) as Measured;
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
