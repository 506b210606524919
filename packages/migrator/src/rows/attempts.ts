/** Makes values for a row and uses them; again with others, when PostgreSQL refuses them. */
import { type Choice, valuesOf } from './choice.ts';
import { checksOf, type Condition, keysToSearch } from './conditions.ts';
import { draft } from './draft.ts';
import type { MakeOptions, Making, RowValues, StoredRow } from './making.ts';
import { refused, RowError, SAMPLE } from './row-error.ts';
import { inSavepoint } from './savepoint.ts';
import { search } from './search.ts';
import type { TableShape } from './table-shape.ts';
import { trial } from './trial.ts';

export interface AttemptOptions<T> extends MakeOptions {
  readonly use: (values: RowValues) => Promise<T>;
  /** `use` sends statements that may be refused. */
  readonly isWriting: boolean;
  readonly makeParent: (table: TableShape, given: RowValues) => Promise<StoredRow>;
}

/** Beyond these a row is given up. */
const ATTEMPTS_MAX = 8;

/** What the attempts before found out. */
interface Lessons {
  /** Constraints that refused a row: another parent may be needed. */
  readonly clashed: Set<string>;
  mayBeGone: boolean;
  isDecidedFirst: boolean;
  /** The conditions cannot be evaluated for all candidates: values are tried one by one. */
  isOneByOne: boolean;
}

/** @throws {RowError} */
export async function attempts<T>(making: Making, table: TableShape, options: AttemptOptions<T>): Promise<T> {
  const lessons: Lessons = {
    clashed: new Set(),
    mayBeGone: !options.isWriting || table.foreignKeys.some(({ isDeferred }) => isDeferred),
    isDecidedFirst: false,
    isOneByOne: false,
  };
  for (let attempt = 0; ; attempt += 1) {
    const { mayBeGone, isDecidedFirst } = lessons;
    const renewed = renewedIn(table, lessons.clashed, attempt);
    const choices = await draft(making, table, { ...options, renewed, mayBeGone, isDecidedFirst });
    try {
      return await attemptOnce(making, table, choices, lessons, options);
    } catch (error) {
      if (!learn(table, error, lessons) || attempt >= ATTEMPTS_MAX) throw refused(table, error);
    }
  }
}

async function attemptOnce<T>(
  making: Making,
  table: TableShape,
  choices: readonly Choice[],
  { clashed, isOneByOne }: Lessons,
  { use, isWriting }: AttemptOptions<T>,
): Promise<T> {
  const conditions = [...checksOf(table), ...keysToSearch(table, choices, clashed)];
  if (isOneByOne) {
    const values = await trial(making, table, choices, conditions);
    return inSavepoint(making.session, () => use(values));
  }
  if (conditions.length === 0 && !isWriting) return use(valuesOf(choices, new Map()));
  return inSavepoint(making.session, async () => use(await searched(making, table, choices, conditions)));
}

async function searched(
  { session }: Making,
  table: TableShape,
  choices: readonly Choice[],
  conditions: readonly Condition[],
): Promise<RowValues> {
  if (conditions.length === 0) return valuesOf(choices, new Map());
  const found = await search(session, table, choices, conditions).catch((error: unknown) => {
    throw new SearchFailure(refused(table, error));
  });
  if ('unsatisfied' in found) throw new Unsatisfied(table, found.unsatisfied);
  return valuesOf(choices, found.values);
}

/** An expression could not be evaluated. */
class SearchFailure extends Error {
  override readonly cause: RowError;

  constructor(cause: RowError) {
    super(cause.message);
    this.cause = cause;
  }
}

/** No combination of values satisfies these conditions. */
class Unsatisfied extends RowError {
  readonly conditions: readonly Condition[];

  constructor(table: TableShape, conditions: readonly Condition[]) {
    const key = conditions.find(({ kind }) => kind !== 'check');
    const names = conditions.map(({ name, kind }) => `${KINDS[kind]} ${name}`).join(', ');
    super(table, `no value that was tried satisfies the ${names}. ${SAMPLE}`, {
      constraint: (key ?? conditions[0])?.name,
      sqlState: SQL_STATES[key?.kind ?? 'check'],
    });
    this.conditions = conditions;
  }
}

const KINDS = { check: 'CHECK constraint', unique: 'unique key', exclusion: 'exclusion constraint' } as const;
const SQL_STATES = { check: '23514', unique: '23505', exclusion: '23P01' } as const;

/** @returns whether another attempt may end otherwise. */
function learn(table: TableShape, error: unknown, lessons: Lessons): boolean {
  if (error instanceof SearchFailure) {
    lessons.isOneByOne = true;
    return true;
  }
  const references = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  if (error instanceof Unsatisfied) {
    for (const { name } of error.conditions) lessons.clashed.add(name);
    lessons.isDecidedFirst = true;
    return error.conditions.some(({ columns }) => columns.some((column) => references.has(column)));
  }
  const { sqlState, constraint } = refused(table, error);
  if (sqlState === '23503' && !lessons.mayBeGone) {
    lessons.mayBeGone = true;
    return true;
  }
  if (constraint !== undefined) lessons.clashed.add(constraint);
  return sqlState === '23505' || sqlState === '23P01';
}

/** First one parent is renewed, then another one, in the end all: for a row that is one of its parent's only. */
function renewedIn(table: TableShape, clashed: ReadonlySet<string>, attempt: number): Set<string> {
  const constraints = [
    ...table.uniqueKeys.map(({ name, dependsOn }) => ({ name, columns: dependsOn })),
    ...table.exclusions,
    ...checksOf(table),
  ].filter(({ name }) => clashed.has(name));
  const columns = new Set(constraints.flatMap((constraint) => constraint.columns));
  const keys = table.foreignKeys
    .filter((key) => key.columns.some((column) => columns.has(column)))
    .map(({ name }) => name);
  return new Set(attempt > keys.length ? keys : keys.slice(Math.max(attempt - 1, 0), attempt));
}
