/** drizzle-kit's picture of a schema, and the SQL that it writes for one. */
import type { Schema } from '@todo/client';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';

import type { DatabaseDefinition } from '../../database-definition.ts';
import { withoutQuestions } from '../rename-question.ts';

type Picture = ReturnType<typeof generateDrizzleJson>;

/** As it stands in the migrations folder. */
export type Snapshot = Record<string, unknown>;

export function pictureOf({ schema, casing }: Pick<DatabaseDefinition, 'schema' | 'casing'>): Picture {
  return generateDrizzleJson(schema, undefined, undefined, casing);
}

/** Through JSON, as the pictures on disk went. */
export function snapshotOf(database: DatabaseDefinition): Snapshot {
  return JSON.parse(JSON.stringify(pictureOf(database)));
}

/** The statements that make the schema from nothing. */
export async function createStatements(database: DatabaseDefinition): Promise<string[]> {
  const nothing: Schema = {};
  return withoutQuestions(generateMigration(pictureOf({ schema: nothing }), pictureOf(database)));
}
