/** Regenerates this branch's migrations after those of the base, in memory only. */
import { randomUUID } from 'node:crypto';

import type { DatabaseDefinition } from '../../database-definition.ts';
import { isSameSchema } from '../generate.ts';
import { type Snapshot, snapshotOf } from '../schema/snapshot.ts';
import { carryOver } from './carry-over.ts';
import { type FolderFiles, journalOf, formatIndex, snapshotIn } from './folder-files.ts';
import { BREAKPOINT, isGeneratedByKit, isSameSql } from './hand-written.ts';
import type { BranchMigration } from './branch-migrations.ts';
import { emptySnapshot, mayAskQuestion, generateStatements } from './statements-between.ts';

export type Decision = 'keep' | 'drop';

export interface RebaseRequest {
  readonly database: DatabaseDefinition;
  /** The migrations that stay. The new ones follow them. */
  readonly base: FolderFiles;
  readonly branchMigrations: readonly BranchMigration[];
  /** Decides whether SQL that drizzle-kit would not write is kept. */
  readonly decide: (migration: BranchMigration) => Promise<Decision>;
  /** Whether a person can answer questions about renames. Then a file that contains a rename is compared with the new SQL. */
  readonly canAsk: boolean;
  /** The name of the last generated migration. Default: its old name. */
  readonly name?: string | undefined;
}

/** A migration file after those of the base. */
export interface NewMigration {
  readonly tag: string;
  readonly sql: string;
  readonly snapshot: Snapshot;
  readonly how: 'generated' | 'kept';
  /** The file that this one replaces. */
  readonly from?: string;
}

export interface RebasePlan {
  readonly migrations: readonly NewMigration[];
  /** This branch's migrations without a replacement: the base contains the same changes, or dropped the objects. */
  readonly removed: readonly string[];
}

/** Returns the new migrations. @throws {CommandFailure} if a question must be answered without a terminal. */
export async function planRebase(request: RebaseRequest): Promise<RebasePlan> {
  const { database, base, branchMigrations, name } = request;
  const { entries } = journalOf(base);
  const last = entries.at(-1);
  const goal = snapshotOf(database);
  const lastChange = branchMigrations.findLastIndex(
    ({ origin }) => origin && !isSameSchema(origin.before, origin.after),
  );

  const steps = new Steps((last && snapshotIn(base, last.idx)) ?? emptySnapshot(), (last?.idx ?? -1) + 1);
  for (const [index, migration] of branchMigrations.entries()) {
    await addStep(steps, migration, request, index === lastChange ? goal : undefined);
  }
  const remaining = await generateStatements(steps.snapshot, goal);
  if (remaining.length > 0)
    steps.add({ name: name ?? 'follow_up', sql: remaining.join(BREAKPOINT), schema: goal, how: 'generated' });
  else steps.replaceLastSnapshot(goal);

  const replaced = new Set(steps.added.map(({ from }) => from));
  const removed = branchMigrations.map(({ tag }) => tag).filter((tag) => !replaced.has(tag));
  return { migrations: steps.added, removed };
}

/**
 * Adds the migration after the earlier steps: its own SQL if `decide` keeps it, else generated SQL, if the schemas still differ.
 * @param goal the schema in the code; only for the last migration that changes the schema.
 */
async function addStep(
  steps: Steps,
  migration: BranchMigration,
  { decide, canAsk, name }: RebaseRequest,
  goal: Snapshot | undefined,
): Promise<void> {
  const { tag, sql, origin } = migration;
  const before = origin?.before ?? emptySnapshot();
  const carriedSchema = origin === undefined ? steps.snapshot : carryOver(before, origin.after, steps.snapshot);
  const keepSql = () => steps.add({ name: nameOf(tag), sql, schema: carriedSchema, how: 'kept', from: tag });
  const isGenerated = origin !== undefined && (await isGeneratedByKit(sql, before, origin.after));
  const kitMayAsk = canAsk && !isGenerated && origin !== undefined && mayAskQuestion(before, origin.after);
  if (!isGenerated && !kitMayAsk && (await decide(migration)) === 'keep') return keepSql();

  const schema = goal ?? carriedSchema;
  const statements = await generateStatements(steps.snapshot, schema);
  const newSql = statements.join(BREAKPOINT);
  if (kitMayAsk && !isSameSql(newSql, sql) && (await decide(migration)) === 'keep') return keepSql();
  if (statements.length > 0) {
    steps.add({ name: (goal && name) ?? nameOf(tag), sql: newSql, schema, how: 'generated', from: tag });
  }
}

function nameOf(tag: string): string {
  return tag.replace(/^\d+_/, '');
}

interface Step extends Omit<NewMigration, 'tag' | 'snapshot'> {
  readonly name: string;
  readonly schema: Snapshot;
}

/** Collects the migrations that follow those of the base, and the snapshot after the last of them. */
class Steps {
  readonly added: NewMigration[] = [];
  snapshot: Snapshot;
  #idx: number;

  constructor(snapshot: Snapshot, idx: number) {
    this.snapshot = snapshot;
    this.#idx = idx;
  }

  add({ name, sql, schema, how, from }: Step): void {
    const prevId = this.snapshot['id'];
    this.snapshot = { ...schema, id: randomUUID(), prevId };
    const tag = `${formatIndex(this.#idx)}_${name}`;
    this.#idx += 1;
    this.added.push({ tag, sql, snapshot: this.snapshot, how, ...(from !== undefined && { from }) });
  }

  /** Replaces the last snapshot with the schema, because some differences have no SQL, such as the order of an enum's labels. */
  replaceLastSnapshot(schema: Snapshot): void {
    const last = this.added.pop();
    if (last === undefined) return;
    const { id, prevId } = last.snapshot;
    this.added.push({ ...last, snapshot: { ...schema, id, prevId } });
  }
}
