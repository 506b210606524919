import { inspect } from 'node:util';

import { DatabaseError, type GeneralErrorKind } from '@todo/client';
import { FOREIGN_KEY_VIOLATION, NOT_NULL_VIOLATION, UNIQUE_VIOLATION, type RowValues } from '@todo/migrator/rows';

import { type Check, type Context, type Finding, onlyFindings } from '../../check.ts';
import { displayName, subjectOf } from '../../code-tables.ts';
import { type LiveTable, liveTables } from '../../live-tables.ts';
import { runVerifierSql } from '../../own-sql.ts';
import { absentParentValues, overlappingKeys } from './absent-parent.ts';
import { duplicatesOf } from './duplicates.ts';
import { onEachTable, type Trial } from './each-table.ts';
import { insertValues } from './insert-values.ts';
import { CHECKED_BEFORE_FOREIGN_KEYS } from './probes.ts';
import { describeError } from './refusal.ts';

export const errorMapping: Check = {
  id: 'behave/error-mapping',
  title: 'Errors are typed, name table, columns and constraint, and contain no values',
  method:
    'Violates each unique key and each foreign key in a transaction that is rolled back, and searches the error for the values sent.',
  why: 'The application cannot tell a duplicate value from a crash, or its log contains personal data.',
  remedy:
    'Give the constraint the same name in the database, in the code and in `constraintErrors`: `pnpm verify --only schema/name` lists the names that differ.',
  mode: 'rolls-back',
  run: async (context) =>
    await onEachTable(context, (trial) => testConstraints(trial, context), await unusedEntries(context)),
};

/** A finding for each entry of `constraintErrors` without a constraint in the schema: its error never occurs. */
async function unusedEntries(context: Pick<Context, 'read' | 'database'>): Promise<Finding[]> {
  const { tables, missing, shapes } = await liveTables(context);
  // Of the code and of the database: a migration may create a constraint that Drizzle cannot express.
  const constraints = [...tables, ...missing, ...shapes].flatMap((each) => [each.uniqueKeys, each.foreignKeys].flat());
  const constraintNames = new Set(constraints.map(({ name }) => name));
  const { constraintErrors = {} } = context.database;
  return Object.keys(constraintErrors)
    .filter((name) => !constraintNames.has(name))
    .map((name) => ({
      have: `constraintErrors names ${name}, which is neither a unique index nor a foreign key of the schema`,
      want: 'the name of a unique index or a foreign key',
      why: 'If the name is misspelt or the constraint was renamed, callers get the general error kind.',
      fix: 'Correct the name in `constraintErrors`, or remove the entry.',
    }));
}

/** A row that violates a constraint, and the error that is expected. */
interface Provocation {
  readonly what: string;
  readonly values: RowValues;
  /** The error has one of these kinds: another constraint may refuse the row first. */
  readonly kinds: readonly string[];
  readonly code: string;
  /** The columns of the constraint; undefined when the error may name others. */
  readonly columns?: readonly string[] | undefined;
  readonly name?: string;
}

/** Violates each key of the table and one NOT NULL column, and returns findings about the errors. */
async function testConstraints(
  trial: Trial,
  { database: { constraintErrors = {} } }: Pick<Context, 'database'>,
): Promise<Finding[]> {
  // The kinds that the application or the client gives to errors of these constraints.
  const kindsOf = (names: readonly string[], general: GeneralErrorKind) =>
    names.map((name) => constraintErrors[name]?.kind ?? general);
  const provocations = [
    ...(await duplicatesOf(trial)).map(({ key, values, names }): Provocation => ({
      what: `a second row of ${displayName(trial.table)} with the same ${key.columns?.join(', ') ?? key.name}`,
      values,
      kinds: kindsOf(names, 'unique-violation'),
      code: UNIQUE_VIOLATION,
      columns: names.length === 1 ? key.columns : undefined,
      name: key.name,
    })),
    ...(await missingParents(trial, kindsOf)),
    ...nullViolation(trial),
  ];
  const findings: Finding[] = [];
  for (const provocation of provocations) findings.push(...(await toFindings(trial, provocation)));
  return findings;
}

/** For each foreign key, a row that refers to no parent row. */
async function missingParents(
  trial: Trial,
  kindsOf: (names: readonly string[], general: GeneralErrorKind) => string[],
): Promise<Provocation[]> {
  const provocations: Provocation[] = [];
  for (const key of trial.table.foreignKeys) {
    const absentValues = await absentParentValues(trial, key);
    // A deferred constraint is not checked before COMMIT.
    const isDeferred = trial.table.shape.foreignKeys.some((live) => live.name === key.name && live.isDeferred);
    if (absentValues === undefined || isDeferred) continue;
    const names = overlappingKeys(trial.table, key);
    provocations.push({
      what: `a row of ${displayName(trial.table)} that refers to no ${displayName(key.references)}`,
      values: { ...trial.values, ...absentValues },
      kinds: kindsOf(names, 'reference-missing'),
      code: FOREIGN_KEY_VIOLATION,
      columns: names.length === 1 ? key.columns : undefined,
      name: key.name,
    });
  }
  return provocations;
}

/** A row with null in a NOT NULL column. Its error has the kind of all other refusals. */
function nullViolation({ table, values }: Trial): Provocation[] {
  const required = Object.values(table.columns).find(
    ({ notNull, name }) => notNull && table.shape.columns.some((live) => live.name === name && !live.isGenerated),
  );
  if (required === undefined) return [];
  return [
    {
      what: `null in ${displayName(table)}.${required.name}`,
      values: { ...values, [required.name]: null },
      kinds: ['refused'],
      code: NOT_NULL_VIOLATION,
    },
  ];
}

/** Violates the constraint, and compares the error with the expected one. */
async function toFindings({ table, tx }: Trial, provocation: Provocation): Promise<Finding[]> {
  const { what, values, kinds, code, columns, name } = provocation;
  const error = await runVerifierSql(
    tx
      .transaction((savepoint) => insertValues(savepoint, table, values))
      .then(
        () => undefined,
        (reason: unknown) => reason,
      ),
  );
  // PostgreSQL checked another constraint first.
  if (error instanceof DatabaseError && error.code !== code && CHECKED_BEFORE_FOREIGN_KEYS.has(error.code ?? ''))
    return [];
  const isTyped = error instanceof DatabaseError && kinds.includes(error.kind) && error.code === code;
  const isNamed =
    isTyped && error.table === table.name && (columns === undefined || nameKey(error.columns) === nameKey(columns));
  const about = subjectOf(table, name);
  return onlyFindings([
    !isTyped && {
      have: `${what}: ${describeError(error)}`,
      want: `an error of kind ${[...new Set(kinds)].join(' or ')}, with SQLSTATE ${code}`,
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
    containsValue(error, table, values) && {
      have: `${what}: the error contains a value that was sent`,
      want: 'only names of tables, columns and constraints',
      about,
    },
  ]);
}

/** The names as one text to compare: sorted, and without the quotes that PostgreSQL adds where SQL needs them. */
function nameKey(columns: readonly string[]): string {
  return JSON.stringify(columns.map((name) => name.replace(/^"(.*)"$/, '$1').replaceAll('""', '"')).toSorted());
}

/** Shorter values may occur in a message by chance. */
const LENGTH_MIN = 6;

/** Whether the error contains a value that was sent. Skips short values and enum labels. */
function containsValue(error: unknown, { shape, name: tableName }: LiveTable, values: RowValues): boolean {
  const dump = inspect(error, { depth: 10, showHidden: true });
  const names = [tableName, ...shape.columns.map(({ name }) => name)].join(' ');
  const isLabel = (name: string) => shape.columns.some((column) => column.name === name && column.labels !== undefined);
  return Object.entries(values).some(
    ([name, value]) =>
      value !== null && value.length >= LENGTH_MIN && !isLabel(name) && !names.includes(value) && dump.includes(value),
  );
}
