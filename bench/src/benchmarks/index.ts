/** All benchmarks, in the order in which they run. */
import type { Benchmark } from '../benchmark.ts';
import { branch } from './branch.ts';
import { dbCreateManyMemory } from './db-create-many-memory.ts';
import { dbCreateMany } from './db-create-many.ts';
import { dbFrames } from './db-frames.ts';
import { dbPages } from './db-pages.ts';
import { dbQueries } from './db-queries.ts';
import { firstStart } from './first-start.ts';
import { importSize } from './import-size.ts';
import { importTime, importTimeBundled } from './import-time.ts';
import { programsCopy } from './programs-copy.ts';
import { restart } from './restart.ts';
import { sql100Rows } from './sql-100-rows.ts';
import { sqlSelect1 } from './sql-select-1.ts';
import { verifyChecks } from './verify-checks.ts';
import { verifyManyTables, verifyManyTablesRoundTrips } from './verify-many-tables.ts';
import { verifyRoundTrips } from './verify-round-trips.ts';
import { verify } from './verify.ts';

export const BENCHMARKS: readonly Benchmark[] = [
  firstStart,
  programsCopy,
  restart,
  ...sqlSelect1,
  ...sql100Rows,
  ...branch,
  ...dbQueries,
  ...dbFrames,
  dbCreateMany,
  dbCreateManyMemory,
  dbPages,
  importTime,
  importTimeBundled,
  importSize,
  verify,
  verifyChecks,
  verifyRoundTrips,
  verifyManyTables,
  verifyManyTablesRoundTrips,
];
