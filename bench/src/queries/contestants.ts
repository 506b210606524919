/** The contestants: ours, statements written by hand, and other libraries, each in its own process. */
import type { Context } from '../benchmark.ts';
import { type Program, startProgram } from '../programs.ts';
import type { Measured, Order, Question } from './main.ts';
import { generatePrismaClient } from './generate-prisma-client.ts';

export interface QueryContestant extends AsyncDisposable {
  readonly ask: (order: Order) => Promise<Measured>;
}

const MAIN = new URL('main.js', import.meta.url);

/**
 * V8 decides once per process where it allocates arrays and objects that survived its first collections. Where it chose the old generation,
 * every result stays until the next full collection, and each query of that process takes about a tenth longer. That choice is a matter of
 * chance, and not of the contestant.
 */
const FLAGS = ['--no-allocation-site-pretenuring'];

export async function startQueryContestants(
  url: string,
  question: Question,
  context: Pick<Context, 'note'>,
): Promise<Record<string, QueryContestant>> {
  const hasPrisma = await generatePrismaClient(context);
  const byHand = question === 'list' ? ['pg', 'planned'] : ['pg'];
  const names = ['ours', ...byHand, 'drizzle', 'kysely', ...(hasPrisma ? ['prisma'] : [])];
  return Object.fromEntries(names.map((name) => [name, contestant(startProgram(MAIN, [name, url], { flags: FLAGS }))]));
}

function contestant(program: Program): QueryContestant {
  return {
    async ask(order) {
      program.tell(JSON.stringify(order));
      return JSON.parse(await program.line()) as Measured;
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
