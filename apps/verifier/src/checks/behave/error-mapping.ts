import { inspect } from 'node:util';

import { DatabaseError, type GeneralErrorKind } from '@todo/client';
import type { RowValues } from '@todo/migrator/rows';

import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { type CodeForeignKey, spelled, subjectOf } from '../../code-tables.ts';
import { type LiveTable, liveTables } from '../../live-tables.ts';
import { ownSql } from '../../own-sql.ts';
import { absentParent } from './absent-parent.ts';
import { duplicatesOf } from './duplicates.ts';
import { onEachTable, type Trial } from './each-table.ts';
import { insertValues } from './insert-values.ts';

export const errorMapping: Check = {
  id: 'behave/error-mapping',
  title: 'Errors are typed, name the table, the columns and the constraint, and contain no values',
  method:
    'Each unique key and each foreign key is violated in a transaction that is rolled back; the error is searched for what was sent.',
  why: 'The application cannot tell a taken value from a crash, or its log holds personal data.',
  remedy: '`constraintErrors` of the definition says which constraint means what; pnpm verify --only schema/name',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async (context) => {
    const outcome = await onEachTable(context, (trial) => provokeAll(trial, context));
    const idle = await idleEntries(context);
    if (idle.length === 0) return outcome;
    return verdict([...idle, ...(outcome.kind === 'findings' ? outcome.findings : [])]);
  },
};

/** What `constraintErrors` names and the schema does not have: nobody will ever get that error. */
async function idleEntries(context: Pick<Context, 'read' | 'database'>): Promise<Finding[]> {
  const { tables, missing, shapes } = await liveTables(context);
  const inTables = [...tables, ...missing];
  const inCode = [...inTables.flatMap((table) => table.uniqueKeys), ...inTables.flatMap((table) => table.foreignKeys)];
  // A migration may make one of which Drizzle has no word.
  const inDatabase = [...shapes.flatMap((shape) => shape.uniqueKeys), ...shapes.flatMap((shape) => shape.foreignKeys)];
  const known = new Set([...inCode, ...inDatabase].map(({ name }) => name));
  const { constraintErrors = {} } = context.database;
  return Object.keys(constraintErrors)
    .filter((name) => !known.has(name))
    .map((name) => ({
      have: `constraintErrors names ${name}, which is no unique index and no foreign key of the schema`,
      want: 'the name of one',
      why: 'It was renamed or misspelt: callers get the general kind of error instead.',
      fix: 'Correct the name in `constraintErrors`, or remove the entry.',
    }));
}

interface Provocation {
  readonly what: string;
  readonly values: RowValues;
  readonly kinds: readonly string[];
  readonly code: string;
  /** Of the constraint, where the error names them. */
  readonly columns?: readonly string[] | undefined;
  readonly name?: string;
}

async function provokeAll(
  trial: Trial,
  { database: { constraintErrors = {} } }: Pick<Context, 'database'>,
): Promise<Finding[]> {
  const kindsOf = (names: readonly string[], general: GeneralErrorKind) =>
    names.map((name) => constraintErrors[name]?.kind ?? general);
  const provocations = [
    ...(await duplicatesOf(trial)).map(({ key, values, names }): Provocation => ({
      what: `a second row of ${spelled(trial.table)} with the same ${key.columns?.join(', ') ?? key.name}`,
      values,
      kinds: kindsOf(names, 'unique-violation'),
      code: '23505',
      columns: names.length === 1 ? key.columns : undefined,
      name: key.name,
    })),
    ...(await withoutParents(trial, kindsOf)),
    ...withoutValue(trial),
  ];
  const findings: Finding[] = [];
  for (const provocation of provocations) findings.push(...(await judge(trial, provocation)));
  return findings;
}

async function withoutParents(
  trial: Trial,
  kindsOf: (names: readonly string[], general: GeneralErrorKind) => string[],
): Promise<Provocation[]> {
  const provocations: Provocation[] = [];
  for (const key of trial.table.foreignKeys) {
    const changed = await absentParent(trial, key);
    // One that waits for the end of the transaction says nothing yet.
    const isDeferred = trial.table.shape.foreignKeys.some(({ name, isDeferred: waits }) => name === key.name && waits);
    if (changed === undefined || isDeferred) continue;
    const sharing = sharingWith(trial.table, key);
    provocations.push({
      what: `a row of ${spelled(trial.table)} that refers to no ${spelled(key.references)}`,
      values: { ...trial.values, ...changed },
      kinds: kindsOf(sharing, 'reference-missing'),
      code: '23503',
      columns: sharing.length === 1 ? key.columns : undefined,
      name: key.name,
    });
  }
  return provocations;
}

/** A column may belong to two foreign keys: then either may be named. */
function sharingWith({ foreignKeys }: LiveTable, key: CodeForeignKey): string[] {
  return foreignKeys
    .filter(({ columns }) => columns.some((column) => key.columns.includes(column)))
    .map(({ name }) => name);
}

/** One of the refusals that have no kind of their own. */
function withoutValue({ table, values }: Trial): Provocation[] {
  const required = Object.values(table.columns).find(
    ({ notNull, name }) => notNull && table.shape.columns.some((live) => live.name === name && !live.isGenerated),
  );
  if (required === undefined) return [];
  return [
    {
      what: `null in ${spelled(table)}.${required.name}`,
      values: { ...values, [required.name]: null },
      kinds: ['refused'],
      code: '23502',
    },
  ];
}

async function judge({ table, tx }: Trial, provocation: Provocation): Promise<Finding[]> {
  const { what, values, kinds, code, columns, name } = provocation;
  const error = await ownSql(
    tx
      .transaction((savepoint) => insertValues(savepoint, table, values))
      .then(
        () => undefined,
        (reason: unknown) => reason,
      ),
  );
  // Another constraint was asked first.
  if (error instanceof DatabaseError && error.code !== code && EARLIER.has(error.code ?? '')) return [];
  const isTyped = error instanceof DatabaseError && kinds.includes(error.kind) && error.code === code;
  const isNamed =
    isTyped &&
    error.table === table.name &&
    (columns === undefined || namesOf(error.columns) === namesOf(columns));
  const about = subjectOf(table, name);
  const findings: (Finding | false)[] = [
    !isTyped && {
      have: `${what}: ${describe(error)}`,
      want: `${[...new Set(kinds)].join(' or ')}, ${code}`,
      about,
      follows: ['schema/*'],
    },
    isTyped &&
      !isNamed && {
        have: `${what}: the error names ${error.table ?? 'no table'} (${error.columns.join(', ')})`,
        want: `${table.name} (${columns?.join(', ') ?? ''})`,
        about,
        follows: ['schema/*'],
      },
    holds(error, table, values) && {
      have: `${what}: the error holds what was sent`,
      want: 'names of tables, columns and constraints alone',
      about,
    },
  ];
  return findings.filter((finding) => finding !== false);
}

/** A CHECK, a unique key, an exclusion constraint. */
const EARLIER = new Set(['23514', '23505', '23P01']);

/** PostgreSQL quotes a name where SQL would have to. */
function namesOf(columns: readonly string[]): string {
  return JSON.stringify(columns.map((name) => name.replace(/^"(.*)"$/, '$1').replaceAll('""', '"')).toSorted());
}

function describe(error: unknown): string {
  if (error === undefined) return 'accepted';
  return error instanceof DatabaseError ? `${error.kind}, ${error.code}` : 'another error';
}

/** Values that no name and no word of a message holds by chance. */
function holds(error: unknown, { shape, ...table }: LiveTable, values: RowValues): boolean {
  const text = inspect(error, { depth: 10, showHidden: true });
  const names = [table.name, ...shape.columns.map(({ name }) => name)].join(' ');
  const isLabel = (name: string) => shape.columns.some((column) => column.name === name && column.labels !== undefined);
  return Object.entries(values).some(
    ([name, value]) =>
      value !== null && value.length > 5 && !isLabel(name) && !names.includes(value) && text.includes(value),
  );
}
