/** Snapshots of a schema, and the SQL that drizzle-kit writes for a schema. */
import type { Schema } from '@todo/client';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';

import type { DatabaseDefinition } from '../../database-definition.ts';
import { failOnQuestion } from '../rename-question.ts';

type KitSnapshot = ReturnType<typeof generateDrizzleJson>;

/** The format of the files in the migrations folder. */
export type Snapshot = Record<string, unknown>;

export function kitSnapshotOf({ schema }: Pick<DatabaseDefinition, 'schema'>): KitSnapshot {
  return generateDrizzleJson(schema);
}

/** The snapshot converted to JSON and back, like the snapshots on disk. */
export function snapshotOf(database: DatabaseDefinition): Snapshot {
  return JSON.parse(JSON.stringify(kitSnapshotOf(database)));
}

/** Returns the statements that create the schema in an empty database. */
export async function createStatements(database: DatabaseDefinition): Promise<string[]> {
  const emptySchema: Schema = {};
  return failOnQuestion(generateMigration(kitSnapshotOf({ schema: emptySchema }), kitSnapshotOf(database)));
}
