/** A schema to prove, with its migrations in a temporary folder. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AppSchema, Schema } from '@todo/client';
import { nameColumns } from '@todo/client/name-columns';
import type { DatabaseDefinition } from '@todo/migrator';

import { CASINGS, FIXTURES } from './fixtures/index.ts';
import { generateSchema } from './generate-schema.ts';
import { validatorsOfSchema } from './seams.ts';
import { writeMigrations } from './write-migrations.ts';

export interface Subject {
  readonly title: string;
  readonly versions: readonly [Schema, ...Schema[]];
  /** The option of the columns without explicit names. */
  readonly casing?: 'snake_case' | 'camelCase' | undefined;
  /** The seed of its sabotages. */
  readonly seed: number;
  /** The command that proves this schema again. */
  readonly repeat: string;
}

export interface OpenSubject extends AsyncDisposable {
  /** The definitions after the first version, after the second, and so on. The last is that of the schema. */
  readonly definitions: readonly [DatabaseDefinition, ...DatabaseDefinition[]];
  readonly sql: readonly string[];
}

export function generatedSubject(seed: number): Subject {
  const { versions } = generateSchema(seed);
  return { title: `seed ${seed}`, versions, seed, repeat: `pnpm test:schemas --count 1 --seed ${seed}` };
}

/** The seed of a fixture's sabotages is its number in the list. */
export function fixtureSubjects(): Subject[] {
  return Object.entries(FIXTURES).map(([name, schema], place) => ({
    title: name,
    versions: [schema],
    casing: CASINGS[name],
    seed: place + 1,
    repeat: `pnpm test:schemas --fixture ${name}`,
  }));
}

/** Writes the migrations of each version. Disposing removes them. */
export async function openSubject({ title, versions, casing }: Subject): Promise<OpenSubject> {
  const folder = await mkdtemp(join(tmpdir(), 'schemas-'));
  const definitions: DatabaseDefinition[] = [];
  let sql: string[] = [];
  for (const [place, schema] of versions.entries()) {
    const app: AppSchema = casing === undefined ? { schema } : nameColumns(schema, casing);
    const home = join(folder, `version-${place + 1}`);
    const migrations = join(home, 'migrations');
    const sources = join(home, 'schema');
    await mkdir(sources, { recursive: true });
    sql = await writeMigrations(migrations, versions.slice(0, place + 1));
    definitions.push({
      name: title,
      ...app,
      folder: home,
      migrations,
      sources,
      validators: validatorsOfSchema(schema),
    });
  }
  return {
    definitions: definitions as [DatabaseDefinition, ...DatabaseDefinition[]],
    sql,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
