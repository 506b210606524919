/**
 * Generates any number of users and todos. Equal row counts give equal rows.
 *
 * The rows come from drizzle-seed's generators, not from its `seed()`. `seed()` numbers rows from 1 even if the table has rows, does not
 * advance the sequences, and keeps every row of a referenced table in memory.
 */
import { generatedRows, SAMPLE_TIME } from '@todo/migrator/samples';
import { like } from 'drizzle-orm';
import { getGeneratorsFunctions } from 'drizzle-seed';

import { todo } from '../schema/todo.ts';
import { user } from '../schema/user.ts';
import { SAMPLE_PASSWORD_HASH } from './sample-password.ts';

/** A domain that nobody can own: https://www.rfc-editor.org/rfc/rfc2606. A user with an address in this domain was generated. */
const GENERATED_DOMAIN = 'generated.example';

const generators = getGeneratorsFunctions();

const users = generatedRows(user, {
  isGenerated: like(user.email, `%@${GENERATED_DOMAIN}`),
  generate: (count) => {
    const first = valuesOf(generators.firstName(), count, 1);
    const last = valuesOf(generators.lastName(), count, 2);
    return (i) => {
      const name = `${first(i)}.${last(i)}`.toLowerCase().replaceAll(/[^a-z.]/g, '');
      return { email: `${name}.${i + 1}@${GENERATED_DOMAIN}`, hashedPassword: SAMPLE_PASSWORD_HASH };
    };
  },
});

const todos = generatedRows(todo, {
  owners: { userId: user },
  generate: (count) => {
    const verb = valuesOf(generators.valuesFromArray({ values: VERBS }), count, 3);
    const thing = valuesOf(generators.valuesFromArray({ values: THINGS }), count, 4);
    const sentence = valuesOf(generators.loremIpsum({ sentencesCount: 1 }), count, 5);
    const oneToSix = valuesOf(generators.int({ minValue: 1, maxValue: 6 }), count, 6);
    const minutes = valuesOf(generators.int({ minValue: 0, maxValue: 500_000 }), count, 7);
    return (i) => {
      // A third of the todos have a description, and half are completed.
      const random = Number(oneToSix(i));
      const createdAt = new Date(SAMPLE_TIME.getTime() + Number(minutes(i)) * 60_000);
      return {
        title: `${verb(i)} ${thing(i)}`,
        description: random > 2 ? null : sentence(i),
        isCompleted: random % 2 === 0,
        createdAt,
        updatedAt: createdAt,
      };
    };
  },
});

/** Parent tables first. */
export const generated = [users, todos];

interface ValueGenerator {
  init(params: { count: number; seed: number }): void;
  generate(params: { i: number }): unknown;
}

/** Returns a function for the value of row `i`. Each column has a seed of its own, so that its values do not follow another column. */
function valuesOf(generator: ValueGenerator, count: number, seed: number): (i: number) => string {
  generator.init({ count, seed });
  return (i) => String(generator.generate({ i }));
}

const VERBS = splitList(
  'Answer, Book, Call about, Cancel, Check, Clean, Find, Fix, Order, Pay for, Plan, Repair, Return, Sell, Tidy',
);
const THINGS = splitList(
  'the bicycle, the birthday cake, the boiler, the bookshelf, the contract, the curtains, the garden, the heating, the holiday, ' +
    'the insurance, the kitchen, the lamp, the letter, the library card, the piano, the roof, the tickets, the winter coat',
);

function splitList(list: string): string[] {
  return list.split(', ');
}
