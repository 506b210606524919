/** Generates the SQL that changes one catalog into another. */
import type { Difference } from '../difference.ts';
import type { Fact, FactKind } from '../fact.ts';
import { Facts } from '../facts.ts';
import { accessSteps } from './access.ts';
import { rowSecuritySteps, tablePartSteps } from './policies-and-triggers.ts';
import { columnSteps } from './column.ts';
import { constraintSteps, indexSteps } from './constraint.ts';
import { dependentsOf } from './dependents.ts';
import { addPartDifferences, liveFromWanted } from './expand.ts';
import type { ReconcileInput } from './reconcile-input.ts';
import { extensionSteps, objectSteps, schemaSteps } from './object.ts';
import { sortSteps } from './order.ts';
import { routineSteps } from './routine.ts';
import { sequenceSteps } from './sequence.ts';
import { type Statement, type Step, step } from './statement.ts';
import { commentSteps, storageSteps } from './storage.ts';
import { tableSteps, viewSteps } from './table.ts';
import { domainConstraintSteps, enumsUsedInTransaction, typeSteps } from './type.ts';

export interface ReconcileOptions {
  /** The catalog in which the differences were found. Default: the wanted catalog with the differences reverted. */
  readonly have?: readonly Fact[];
}

/**
 * Returns the statements that end a difference, in order, without semicolons. Returns none if no statement can (the order of columns), or if
 * the statements would lose data (an extra column), unless `allowLoss` is set. The statements are for a database in use: indexes are built
 * and dropped `CONCURRENTLY`, which a transaction does not allow, and a foreign key or a CHECK is added without a scan under a lock and then
 * validated. The role that runs the migrations must run them.
 *
 * ```ts
 * const remedies = compareCatalogs(live, wanted).map((difference) => reconcile(difference, wanted));
 * ```
 */
export function reconcile(
  difference: Difference,
  want: readonly Fact[],
  { allowLoss = false, ...options }: ReconcileOptions & { readonly allowLoss?: boolean } = {},
): string[] {
  const statements = reconcileAll([difference], want, options);
  const isRefused = !allowLoss && statements.some(({ losesData }) => losesData !== undefined);
  return isRefused ? [] : statements.map(({ sql }) => sql);
}

/**
 * Reconciles many differences of one comparison, with the statements in an order that runs. Objects that depend on a change, such as a view
 * on a column whose type changes, are dropped before the change and recreated after it. A statement that loses data has `losesData`. With
 * `isInTransaction` all statements can run in one transaction, without CONCURRENTLY and without NOT VALID first.
 */
export function reconcileAll(
  differences: readonly Difference[],
  want: readonly Fact[],
  { have, isInTransaction = false }: ReconcileOptions & { readonly isInTransaction?: boolean } = {},
): Statement[] {
  const input: ReconcileInput = {
    differences,
    want: new Facts(want),
    have: new Facts(have ?? liveFromWanted(differences, want)),
    isLiveCatalogGiven: have !== undefined,
    isInTransaction,
    replaced: new Set(),
    recreated: new Set(),
  };
  const steps = planSteps(input);
  // Which enums must be replaced is known only from the steps. Then the steps are planned again.
  const replaced = isInTransaction ? enumsUsedInTransaction(input, steps) : input.replaced;
  const ordered = sortSteps(replaced.size > 0 ? planSteps({ ...input, replaced }) : steps, input.have, input.want);
  return turnOffBodyChecks(ordered, isInTransaction).map(toStatement);
}

/** Turns off check_function_bodies for these steps if a function may read a table that is created after the function. */
function turnOffBodyChecks(steps: readonly Step[], isInTransaction: boolean): readonly Step[] {
  const createsFunction = steps.some(({ sql }) => /^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE) /.test(sql));
  const createsRelation = steps.some(({ sql }) => /^(CREATE .*(TABLE|VIEW)|ALTER TABLE \S+ ADD COLUMN) /.test(sql));
  if (!createsFunction || !createsRelation) return steps;
  // The steps are sorted already: the phases of SET and RESET are not used any more.
  if (isInTransaction) return [step('unlink', 'SET LOCAL check_function_bodies = off'), ...steps];
  const reset = step('drop extra schemas', 'RESET check_function_bodies');
  return [step('unlink', 'SET check_function_bodies = off'), ...steps, reset];
}

function toStatement({ sql, losesData, isConcurrent }: Step): Statement {
  return losesData === undefined ? { sql, isConcurrent } : { sql, losesData, isConcurrent };
}

/** Returns the steps for all differences, and for the objects that depend on them, in no order. */
function planSteps(input: ReconcileInput): Step[] {
  const { recreated, drops, missing } = dependentsOf(input);
  const differences = [...input.differences, ...missing].flatMap((difference) => addPartDifferences(difference, input));
  const inputWithRecreated: ReconcileInput = { ...input, recreated };
  return [...drops, ...differences.flatMap((other) => STEPS_OF_KIND[other.kind](other, inputWithRecreated))];
}

const STEPS_OF_KIND: Readonly<Record<FactKind, (difference: Difference, input: ReconcileInput) => Step[]>> = {
  schema: schemaSteps,
  extension: extensionSteps,
  type: typeSteps,
  'domain constraint': domainConstraintSteps,
  function: routineSteps,
  table: tableSteps,
  column: columnSteps,
  view: viewSteps,
  index: indexSteps,
  constraint: constraintSteps,
  sequence: sequenceSteps,
  access: accessSteps,
  'row security': rowSecuritySteps,
  policy: tablePartSteps,
  trigger: tablePartSteps,
  rule: tablePartSteps,
  storage: storageSteps,
  comment: commentSteps,
  object: objectSteps,
};
