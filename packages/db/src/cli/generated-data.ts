/**
 * Sample rows in any number, the same for the same numbers.
 *
 * They come from drizzle-seed's generators, and not from its `seed()`: that numbers rows from 1 whatever the table holds, leaves
 * the sequences behind, and keeps every row in memory of a table that others refer to.
 */
import { getGeneratorsFunctions } from 'drizzle-seed';

import { SAMPLE_PASSWORD_HASH, SAMPLE_TIME } from './sample-data.ts';

/** Never anyone's: https://www.rfc-editor.org/rfc/rfc2606. Whoever has an address in it was generated. */
export const GENERATED_DOMAIN = 'generated.example';

export interface GeneratedUser {
  readonly email: string;
  readonly hashedPassword: string;
  readonly createdAt: Date;
}

export interface GeneratedTodo {
  /** Whose it is: the place of a user among those generated. */
  readonly owner: number;
  readonly title: string;
  readonly description: string | null;
  readonly isCompleted: boolean;
  readonly createdAt: Date;
}

const of = getGeneratorsFunctions();

export function* generatedUsers(count: number): Generator<GeneratedUser> {
  const first = started(of.firstName(), count, 1);
  const last = started(of.lastName(), count, 2);
  for (let i = 0; i < count; i++) {
    const name = `${first(i)}.${last(i)}`.toLowerCase().replaceAll(/[^a-z.]/g, '');
    const email = `${name}.${i + 1}@${GENERATED_DOMAIN}`;
    yield { email, hashedPassword: SAMPLE_PASSWORD_HASH, createdAt: SAMPLE_TIME };
  }
}

/** User after user, each with as many as the others, give or take one. */
export function* generatedTodos(count: number, owners: number): Generator<GeneratedTodo> {
  const verb = started(of.valuesFromArray({ values: VERBS }), count, 3);
  const thing = started(of.valuesFromArray({ values: THINGS }), count, 4);
  const text = started(of.loremIpsum({ sentencesCount: 1 }), count, 5);
  const chance = started(of.int({ minValue: 1, maxValue: 6 }), count, 6);
  const minutes = started(of.int({ minValue: 0, maxValue: 500_000 }), count, 7);
  for (let i = 0; i < count; i++) {
    const luck = Number(chance(i));
    yield {
      owner: Math.floor((i * owners) / count),
      title: `${verb(i)} ${thing(i)}`,
      description: luck > 2 ? null : text(i),
      isCompleted: luck % 2 === 0,
      createdAt: new Date(SAMPLE_TIME.getTime() + Number(minutes(i)) * 60_000),
    };
  }
}

interface ValueGenerator {
  init(params: { count: number; seed: number }): void;
  generate(params: { i: number }): unknown;
}

function started(generator: ValueGenerator, count: number, seed: number): (i: number) => string {
  generator.init({ count, seed });
  return (i) => String(generator.generate({ i }));
}

const VERBS = words(
  'Answer, Book, Call about, Cancel, Check, Clean, Find, Fix, Order, Pay for, Plan, Repair, Return, Sell, Tidy',
);
const THINGS = words(
  'the bicycle, the birthday cake, the boiler, the bookshelf, the contract, the curtains, the garden, the heating, the holiday, ' +
    'the insurance, the kitchen, the lamp, the letter, the library card, the piano, the roof, the tickets, the winter coat',
);

function words(list: string): string[] {
  return list.split(', ');
}
