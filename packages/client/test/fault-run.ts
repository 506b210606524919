/** Writes continuously while faults happen, and then checks every write. */
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { sql } from 'drizzle-orm';
import { expect } from 'vitest';

import { DatabaseError } from '../src/index.ts';
import { type Database } from './fixture/app.ts';
import { query } from './query.ts';

export interface FaultRun {
  readonly db: Database;
  /** Does not go through the faulty network. Called when all faults are over. */
  readonly url: () => string;
  /** Minimum number of acknowledged writes. */
  readonly writes: number;
  /** The faults, run one after the other and spread evenly over the writes. */
  readonly faults: readonly (() => Promise<void>)[];
}

const WRITERS = 16;
const PAUSE_MS = 10;

/**
 * Every acknowledged write is stored exactly once. A write with an unknown outcome is stored once or not at all. A write that failed in any
 * other way is not stored. Every error is typed, and no rejection is unhandled (Vitest fails on those).
 * @returns the number of errors of each kind.
 */
export async function runWithFaults({ db, url, writes, faults }: FaultRun): Promise<Record<string, number>> {
  // No primary key, so that a duplicate write is visible.
  await query(url(), 'create table if not exists written (n int)', 'truncate written');
  const acknowledged = new Set<number>();
  const unknown = new Set<number>();
  const errors: Record<string, number> = {};
  let next = 0;
  const over = new AbortController();
  const progress = new EventEmitter();

  const writeOn = async () => {
    while (!over.signal.aborted) {
      // One number, or two in a transaction or a batch: both are stored, or neither.
      const numbers = next % 3 === 0 ? [next, next + 1] : [next];
      next += numbers.length;
      try {
        await write(db, numbers);
        for (const n of numbers) acknowledged.add(n);
        progress.emit('acknowledged');
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        errors[error.kind] = (errors[error.kind] ?? 0) + 1;
        if (error.kind === 'unknown-outcome') for (const n of numbers) unknown.add(n);
        // Pause like an application: a restarting server needs the processor too.
        await delay(PAUSE_MS);
      }
    }
  };
  const untilAcknowledged = async (count: number) => {
    while (acknowledged.size < count) await once(progress, 'acknowledged', { signal: over.signal });
  };
  // The writers continue during the fault.
  const breakOn = async () => {
    for (const [made, fault] of faults.entries()) {
      await untilAcknowledged(((made + 0.5) * writes) / faults.length);
      await fault();
    }
    await untilAcknowledged(writes);
  };
  const parts = [breakOn(), ...Array.from({ length: WRITERS }, writeOn)];
  // The first part that ends stops the others. If that part failed, the run fails with its error.
  await Promise.all(parts.map((part) => part.finally(() => over.abort())));

  const rows = await query(url(), 'select n, count(*)::int as times from written group by n');
  const times = new Map(rows.map((row) => [row['n'] as number, row['times'] as number]));
  const all = Array.from({ length: next }, (_, n) => n);
  expect({
    lost: all.filter((n) => acknowledged.has(n) && !times.has(n)),
    doubled: all.filter((n) => (times.get(n) ?? 0) > 1),
    appliedAndDenied: all.filter((n) => times.has(n) && !acknowledged.has(n) && !unknown.has(n)),
  }).toEqual({ lost: [], doubled: [], appliedAndDenied: [] });
  return errors;
}

async function write(db: Database, [first, second]: number[]): Promise<void> {
  if (second === undefined) {
    await db.execute(sql`insert into written values (${first})`);
  } else if ('transaction' in db && 'close' in db) {
    await db.transaction(async (tx) => {
      await tx.execute(sql`insert into written values (${first})`);
      await tx.execute(sql`insert into written values (${second})`);
    });
  } else if ('batch' in db) {
    await db.batch([
      db.execute(sql`insert into written values (${first})`),
      db.execute(sql`insert into written values (${second})`),
    ]);
  }
}
