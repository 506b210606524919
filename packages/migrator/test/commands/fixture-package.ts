/** A database package with a schema that a test writes. Its commands run as users run them. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type CommandOptions, type Outcome, run, temporaryFolder } from '../command.ts';
import { rewriteFolder, type TestMigration } from '../migrations-folder.ts';

export interface FixtureParts {
  /** JavaScript of the schema module without imports. All of `drizzle-orm` (as `orm`) and of its `pg-core` are in scope. */
  readonly schema: string;
  /** A JavaScript expression for the samples. `schema`, `orm` and all of `@todo/migrator/samples` are in scope. Default: none. */
  readonly samples?: string;
  /** Default: none. */
  readonly migrations?: readonly TestMigration[];
  /** Additional options in `drizzle.config.js` and in the database definition. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface FixturePackage {
  readonly folder: string;
  readonly program: string;
  run(args: readonly string[], options?: CommandOptions): Promise<Outcome>;
  /** Replaces the schema. */
  write(schema: string): Promise<void>;
}

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
const dist = new URL('../../dist', import.meta.url).href;

/** Creates the package. It is removed after the test. */
export async function fixturePackage(parts: FixtureParts): Promise<FixturePackage> {
  const { schema, samples = 'undefined', migrations = [], options = {} } = parts;
  const folder = await temporaryFolder();
  const write = (text: string) => writeFile(join(folder, 'schema.js'), `${IMPORTS}\n${text}\n`);
  await write(schema);
  await symlink(join(packageFolder, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'fixture', type: 'module' }));
  const config = { dialect: 'postgresql', schema: './schema.js', out: './migrations', ...options };
  await writeFile(join(folder, 'drizzle.config.js'), `export default ${JSON.stringify(config)};\n`);
  const program = join(folder, 'cli.js');
  await writeFile(program, cli(samples, options));
  await mkdir(join(folder, 'migrations'));
  if (migrations.length > 0) await rewriteFolder(join(folder, 'migrations'), ...migrations);
  return { folder, program, write, run: (args, given) => run(args, { program, cwd: folder, ...given }) };
}

const IMPORTS = `import * as orm from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
const { sql } = orm;
const { pgTable, pgSchema, pgEnum, pgView, pgPolicy, pgSequence, serial, integer, bigint, text, varchar, boolean, timestamp, jsonb,
  uuid, numeric, index, uniqueIndex, unique, check, foreignKey, primaryKey } = pg;`;

function cli(samples: string, options: Readonly<Record<string, unknown>>): string {
  return `import { fileURLToPath } from 'node:url';
import * as orm from 'drizzle-orm';
import * as schema from './schema.js';
import { runCommand } from '${dist}/commands/index.js';
import { refTo, sampleRows, generatedRows } from '${dist}/samples/index.js';
import { nameColumns } from '@todo/client/name-columns';
const { sql } = orm;
const folder = fileURLToPath(new URL('.', import.meta.url));
const options = ${JSON.stringify(options)};
if (options.casing) nameColumns(schema, options.casing);
const database = {
  name: 'fixture', schema, folder, migrations: folder + 'migrations', sources: folder, validators: {},
  samples: ${samples}, ...options,
};
await runCommand(async () => ({ database }));
`;
}
