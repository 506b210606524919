/** For every column: a validator accepts a value if, and only if, PostgreSQL stores it and returns it unchanged. */
import { isDeepStrictEqual } from 'node:util';

import { type Column } from 'drizzle-orm';
import * as fc from 'fast-check';

import { todo, user } from '../src/schema/index.ts';
import {
  insertTodoSchema,
  insertUserSchema,
  normalizeEmail,
  selectTodoSchema,
  selectUserSchema,
  updateTodoSchema,
  updateUserSchema,
} from '../src/validators/index.ts';
import { addresses, dates, numbers, oddAddresses, textAround } from './column-values.ts';
import type { ColumnJudge, Verdict } from './column-verdicts.ts';
import { storedRows } from './stored-rows.ts';

export interface Agreement {
  readonly name: string;
  readonly column: Column;
  readonly values: fc.Arbitrary<unknown>;
  /** Every schema that includes this column, reduced to this column. */
  readonly accepts: ReadonlyArray<(value: unknown) => boolean>;
  /** The inserted form of an accepted value. Default: the value itself. */
  readonly written?: (value: string) => string;
  /** Whether the app requires more than the database: PostgreSQL may then store a value that the validator refuses. */
  readonly isStricter?: boolean;
}

const newUser = { email: 'a@example.com', hashedPassword: 'h' };
const newTodo = { title: 't', userId: 1 };
const { storedTodo, storedUser } = await storedRows();

const ofUser = (key: string) => [
  (value: unknown) => insertUserSchema.safeParse({ ...newUser, [key]: value }).success,
  (value: unknown) => updateUserSchema.safeParse({ [key]: value }).success,
];
const ofTodo = (key: string) => [
  (value: unknown) => insertTodoSchema.safeParse({ ...newTodo, [key]: value }).success,
  (value: unknown) => updateTodoSchema.safeParse({ [key]: value }).success,
  ofStoredTodo(key),
];
const ofStoredTodo = (key: string) => (value: unknown) =>
  selectTodoSchema.safeParse({ ...storedTodo, [key]: value }).success;
const ofStoredUser = (key: string) => (value: unknown) =>
  selectUserSchema.safeParse({ ...storedUser, [key]: value }).success;

export const AGREEMENTS: readonly Agreement[] = [
  { name: 'todo.title', column: todo.title, values: textAround(200), accepts: ofTodo('title') },
  { name: 'todo.description', column: todo.description, values: textAround(300), accepts: ofTodo('description') },
  { name: 'todo.isCompleted', column: todo.isCompleted, values: fc.boolean(), accepts: ofTodo('isCompleted') },
  { name: 'todo.userId', column: todo.userId, values: numbers, accepts: ofTodo('userId') },
  { name: 'todo.id', column: todo.id, values: numbers, accepts: [ofStoredTodo('id')] },
  { name: 'todo.createdAt', column: todo.createdAt, values: dates, accepts: [ofStoredTodo('createdAt')] },
  { name: 'todo.updatedAt', column: todo.updatedAt, values: dates, accepts: [ofStoredTodo('updatedAt')] },
  { name: 'user.email', column: user.email, values: addresses, accepts: ofUser('email'), written: normalizeEmail },
  {
    name: 'user.email, odd',
    column: user.email,
    values: oddAddresses,
    accepts: ofUser('email'),
    written: normalizeEmail,
    isStricter: true,
  },
  { name: 'user.email, stored', column: user.email, values: textAround(255), accepts: [ofStoredUser('email')] },
  {
    name: 'user.hashedPassword',
    column: user.hashedPassword,
    values: textAround(255),
    accepts: [...ofUser('hashedPassword'), ofStoredUser('hashedPassword')],
  },
  { name: 'user.id', column: user.id, values: numbers, accepts: [ofStoredUser('id')] },
  { name: 'user.createdAt', column: user.createdAt, values: dates, accepts: [ofStoredUser('createdAt')] },
  { name: 'user.updatedAt', column: user.updatedAt, values: dates, accepts: [ofStoredUser('updatedAt')] },
];

/**
 * Undefined when the validator and PostgreSQL agree on all `numRuns` values; otherwise fast-check's report with a shrunk counterexample.
 */
export async function disagreement(
  judge: ColumnJudge,
  agreement: Agreement,
  numRuns: number,
  seed: number = Date.now(),
): Promise<string | undefined> {
  const property = fc.asyncProperty(agreement.values, async (value) => {
    const [fault] = await faults(judge, agreement, [value]);
    if (fault !== undefined) throw new Error(`${agreement.name}: ${fault}`);
  });
  const values = fc.sample(property, { numRuns, seed }).map(([value]) => value);
  const found = await faults(judge, agreement, values);
  const first = values.findIndex((_, index) => found[index] !== undefined);
  if (first < 0) return undefined;
  // The same seed makes the same values. This run starts at the failing value and shrinks it.
  const details = await fc.check(property, { numRuns, seed, path: String(first) });
  return `${found[first]}\n${fc.defaultReportMessage(details)}\n${String(details.errorInstance)}`;
}

async function faults(
  judge: ColumnJudge,
  agreement: Agreement,
  values: readonly unknown[],
): Promise<(string | undefined)[]> {
  const { column, accepts, written, isStricter = false } = agreement;
  const inserted = written === undefined ? values : values.map((value) => written(value as string));
  const verdicts = await judge.judge(column, inserted);
  return values.map((value, index) => {
    const verdict = verdicts[index]!;
    const isStored = 'stored' in verdict && isDeepStrictEqual(verdict.stored, plainZero(inserted[index]));
    const answers = accepts.map((schema) => schema(value));
    if (answers.every((isAccepted) => isAccepted === isStored || (isStricter && isStored))) return undefined;
    return `the schemas say ${answers.join(', ')}, PostgreSQL ${describe(verdict)}`;
  });
}

/** PostgreSQL's integers have only one zero. */
function plainZero(value: unknown): unknown {
  return Object.is(value, -0) ? 0 : value;
}

function describe(verdict: Verdict): string {
  return 'stored' in verdict ? `stored ${JSON.stringify(verdict.stored)}` : `refused it: ${verdict.refused}`;
}
