/**
 * The order in which a transaction locks tables. An application locks the row of a parent before those of its children: it inserts them in
 * this order, and a cascade deletes them in it. A migration that locks a child first can deadlock with it.
 *
 * drizzle-kit sorts its statements by kind and by name, so two of its own are never judged: one statement of the pair must be
 * written by hand. Migrations are not compared with each other, because a lock lets one run at a time.
 */
import type { Node, RangeVar } from 'libpg-query';

import { type Key, keysAfter } from './keys.ts';
import { commandsOf, isInUse, nodeAs, type StatementContext, tableName } from './statement-context.ts';

/** Whether the statement locks a parent after the same transaction has locked one of its children. */
export function locksParentLast(context: StatementContext): boolean {
  const { isTransactional, fileBefore, before, node } = context;
  const own = locksOf(node);
  const locks = [...fileBefore.flatMap(locksOf), ...own].filter(({ relation }) => isInUse(relation, context));
  if (!isTransactional || !locks.some(({ isByHand }) => isByHand)) return false;
  const firsts = locks.filter(({ table }, index) => locks.findIndex((lock) => lock.table === table) === index);
  const keys = keysAfter(before);
  return firsts.some(
    (lock, index) => own.includes(lock) && firsts.slice(0, index).some((earlier) => isParentLast(earlier, lock, keys)),
  );
}

interface TableLock {
  readonly table: string;
  readonly relation: RangeVar | undefined;
  readonly isByHand: boolean;
}

function isParentLast(earlier: TableLock, later: TableLock, keys: readonly Key[]): boolean {
  const isByHand = earlier.isByHand || later.isByHand;
  // Tables that refer to each other have no order.
  return (
    isByHand && parentsOf(earlier.table, keys).has(later.table) && !parentsOf(later.table, keys).has(earlier.table)
  );
}

/** The tables that it refers to, directly or through others. */
function parentsOf(table: string, keys: readonly Key[], found = new Set<string>()): Set<string> {
  for (const { references, ...key } of keys) {
    if (references === undefined || key.table !== table || found.has(references)) continue;
    found.add(references);
    parentsOf(references, keys, found);
  }
  return found;
}

/** SHARE UPDATE EXCLUSIVE: the strongest lock beside which others can still write. */
const LETS_WRITE = 4;

/** The locks that make a writer wait, in their order. */
function locksOf(node: Node): TableLock[] {
  const lock = nodeAs(node, 'LockStmt');
  const written = nodeAs(node, 'UpdateStmt') ?? nodeAs(node, 'DeleteStmt') ?? nodeAs(node, 'MergeStmt');
  const listed = (lock?.mode ?? 0) > LETS_WRITE ? lock?.relations : nodeAs(node, 'TruncateStmt')?.relations;
  const byHand = [written?.relation, ...(listed ?? []).map((relation) => nodeAs(relation, 'RangeVar'))];
  return [...locksAs(byHand, true), ...locksAs(relationsDefined(node), false)];
}

function relationsDefined(node: Node): (RangeVar | undefined)[] {
  const commands = commandsOf(node);
  const referenced = commands.map(({ def }) => nodeAs(def, 'Constraint')?.pktable);
  const isValidation = commands.length > 0 && commands.every(({ subtype }) => subtype === 'AT_ValidateConstraint');
  const altered = isValidation ? undefined : nodeAs(node, 'AlterTableStmt')?.relation;
  const index = nodeAs(node, 'IndexStmt');
  return [altered, ...referenced, index?.concurrent === true ? undefined : index?.relation];
}

function locksAs(relations: readonly (RangeVar | undefined)[], isByHand: boolean): TableLock[] {
  return relations.flatMap((relation) =>
    relation === undefined ? [] : { table: tableName(relation), relation, isByHand },
  );
}
