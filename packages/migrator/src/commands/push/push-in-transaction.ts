/** Finds and runs the statements of a push in one transaction. */
import type { Session } from '@todo/client/session';

import { type Fact, reconcileAll, type Statement } from '../../catalog/index.ts';
import { readCatalogWithin } from '../../catalog/read-catalog.ts';
import { runInTransaction } from '../../transaction.ts';
import { compareWithSchema } from '../schema/compare-with-schema.ts';
import { countLosses, type Loss } from './losses.ts';
import { renameSequences, renameStatement, type Rename } from './renames.ts';
import { requireValues } from './required-columns.ts';

export interface PushPlan {
  readonly have: readonly Fact[];
  readonly want: readonly Fact[];
  readonly renames: readonly Rename[];
  /** Statements that create roles. */
  readonly roles: readonly string[];
}

type Approve = (statements: readonly Pick<Statement, 'sql'>[], losses: readonly Loss[]) => void;

/**
 * Runs the renames, compares again, and runs the statements that remove the remaining differences.
 * @param approve is called before the statements run, with the statements and the data that they would delete. If it throws, the push is rolled
 * back.
 */
export function pushInTransaction(session: Session, plan: PushPlan, approve: Approve): Promise<void> {
  return runInTransaction(session, async () => {
    const renamed = await runRenames(session, plan);
    const have = renamed.length === 0 ? plan.have : await readCatalogWithin(session);
    const { differences } = compareWithSchema(have, plan.want);
    await requireValues(session, differences, plan.want);
    const statements = reconcileAll(differences, plan.want, { have, isInTransaction: true });
    const earlierStatements = [...renamed, ...plan.roles].map((sql) => ({ sql }));
    approve([...earlierStatements, ...statements], await countLosses(session, statements));
    for (const sql of plan.roles) await session.query(sql);
    for (const { sql } of statements) await session.query(sql);
  });
}

/** Renames tables, columns and sequences. @returns the statements that were run. */
async function runRenames(session: Session, { have, want, renames }: PushPlan): Promise<string[]> {
  const statements = renames.map(renameStatement);
  for (const sql of statements) await session.query(sql);
  const haveAfterRenames = renames.length === 0 ? have : await readCatalogWithin(session);
  const sequences = renameSequences(haveAfterRenames, want);
  for (const sql of sequences) await session.query(sql);
  return [...statements, ...sequences];
}
