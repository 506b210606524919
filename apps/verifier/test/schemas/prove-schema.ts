/**
 * Runs every tool on one schema: check, migrate, seed, verify. Then sabotages copies of the database, and verifies that each sabotage is
 * found.
 */
import { compareCatalogs, describeDifference, readCatalog } from '@todo/migrator/catalog';
import { migrationsMatchSchema } from '@todo/migrator/in-step';
import { connectSession } from '@todo/client/session';
import { type DatabaseDefinition, findJournalFaults, migrate } from '@todo/migrator';

import type { Result } from '../../src/result.ts';
import { execute } from '../database.ts';
import { readLive } from './sabotage/live.ts';
import type { Sabotage } from './sabotage/sabotage.ts';
import { sabotagesOf } from './sabotage/sabotages-of.ts';
import { seed, verifyReading, verifyWriting } from './seams.ts';
import type { Database, Server } from './server.ts';
import { isTrueOf } from './true-findings.ts';
import { openSubject, type OpenSubject, type Subject } from './subject.ts';

export interface Proof {
  readonly title: string;
  readonly repeat: string;
  /** Steps that failed on an intact schema, and wrong findings. */
  readonly faults: readonly string[];
  readonly tried: readonly Tried[];
  readonly durationMs: number;
}

export interface Tried {
  readonly sabotage: Sabotage;
  /** The checks with findings. */
  readonly found: readonly string[];
  readonly isCaught: boolean;
}

export async function proveSchema(subject: Subject, server: Server, sabotages: number): Promise<Proof> {
  const start = performance.now();
  const { title, repeat } = subject;
  const done = (faults: readonly string[], tried: readonly Tried[]): Proof => ({
    title,
    repeat,
    faults,
    tried,
    durationMs: performance.now() - start,
  });
  try {
    await using open = await openSubject(subject);
    const definition = lastOf(open.definitions);
    await using shadow = await server.create();
    await migrate(shadow.url, definition.migrations);
    const unbroken = await verifyAll(definition, server, shadow);
    const faults = [...(await checkAll(open, server, shadow)), ...unbroken.faults];
    const { loud } = unbroken;
    return done(faults, await breakAll({ definition, server, shadow, loud }, subject.seed, sabotages));
  } catch (error) {
    return done([`broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`], []);
  }
}

function lastOf<T>(list: readonly [T, ...T[]]): T {
  return list.at(-1) ?? list[0];
}

/** Does the same as `db:check`: the folder is consistent, and the migrations match the schema, also from each earlier version with rows. */
async function checkAll({ definitions }: OpenSubject, server: Server, shadow: Database): Promise<string[]> {
  const definition = lastOf(definitions);
  const faults = (await findJournalFaults(definition.migrations)).map((fault) => `check: ${fault}`);
  if (!(await migrationsMatchSchema(definition))) faults.push('check: the migrations do not match the schema');
  for (const [place, earlier] of definitions.slice(0, -1).entries()) {
    await using database = await server.create();
    await migrate(database.url, earlier.migrations);
    await seed(earlier, database.url);
    await migrate(database.url, definition.migrations);
    const differences = compareCatalogs(await catalogOf(database.url), await catalogOf(shadow.url)).filter(
      ({ attribute }) => attribute !== 'columnOrder',
    );
    faults.push(...differences.map((difference) => `from version ${place + 1}: ${describeDifference(difference)}`));
  }
  return faults;
}

async function catalogOf(url: string) {
  await using session = await connectSession(url);
  return await readCatalog(session);
}

interface Unbroken {
  readonly faults: readonly string[];
  /** The ids of the checks with wrong findings. They cannot prove that a sabotage was found. */
  readonly loud: ReadonlySet<string>;
}

async function verifyAll(definition: DatabaseDefinition, server: Server, shadow: Database): Promise<Unbroken> {
  await using database = await server.create(shadow.name);
  const unseeded = (await seed(definition, database.url)).map((reason) => `seed: ${reason}`);
  const loud = (await verifyWriting(definition, database.url, shadow.url)).filter(isLoud);
  const faults = loud.filter((result) => !isTrueOf(definition.schema, result)).flatMap(describe);
  return { faults: [...unseeded, ...faults], loud: new Set(loud.map(({ id }) => id)) };
}

const isLoud = ({ status, crash }: Result) => status === 'fail' || status === 'warn' || crash !== undefined;

function describe({ id, findings = [], crash, status, reason }: Result): string[] {
  if (crash !== undefined) return [`${id} crashed: ${crash}`];
  if (findings.length === 0) return [`${id}: ${status} ${reason ?? ''}`];
  return findings.map(({ have, want }) => `${id}: have ${have}; want ${want}`);
}

interface Migrated {
  readonly definition: DatabaseDefinition;
  readonly server: Server;
  readonly shadow: Database;
  readonly loud: Unbroken['loud'];
}

async function breakAll(
  { definition, server, shadow, loud }: Migrated,
  drawnFrom: number,
  count: number,
): Promise<Tried[]> {
  await using seeded = await server.create(shadow.name);
  await seed(definition, seeded.url);
  const tried: Tried[] = [];
  for (const sabotage of sabotagesOf(await readLive(seeded.url), drawnFrom, count)) {
    await using database = await server.create(seeded.name);
    await commit(database, sabotage);
    const results = await verifyReading(definition, database.url, shadow.url);
    const found = results.filter((result) => isHeard(result) && !loud.has(result.id)).map(({ id }) => id);
    tried.push({ sabotage, found, isCaught: sabotage.expected.some((id) => found.includes(id)) });
  }
  return tried;
}

/** For a sabotage, an `info` counts as found. */
const isHeard = (result: Result) => isLoud(result) || result.status === 'info';

export async function commit(database: Database, { title, sql, as }: Sabotage): Promise<void> {
  try {
    await execute(as === 'owner' ? database.url : database.superuserUrl, ...sql);
  } catch (cause) {
    throw new Error(`${title}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
