/** Finds parts of a schema for which drizzle-kit would write wrong SQL or none, before it writes anything. */
import type { DatabaseDefinition } from '../../database-definition.ts';
import { CommandFailure, EXIT } from '../failure.ts';
import { indentLines } from '../output.ts';
import { tablesIn } from '../seed/tables.ts';
import { findCasingFaults } from './casing-faults.ts';
import { findNameFaults } from './name-faults.ts';
import { snapshotOf } from './snapshot.ts';
import { findUnexported } from './unexported.ts';
import { findUnwritableDefaults } from './unwritable-defaults.ts';
import { findUnwritableExpressions } from './unwritable-expressions.ts';

/** Returns one or two sentences per fault: the object, and the remedy. */
export async function findSchemaFaults(database: DatabaseDefinition): Promise<string[]> {
  const tables = tablesIn(database.schema);
  const faults = [
    ...(await findCasingFaults(database)),
    ...findUnexported(database),
    ...tables.flatMap(findUnwritableDefaults),
    ...tables.flatMap(findUnwritableExpressions),
  ];
  // drizzle-kit cannot create a snapshot with a value that it cannot write.
  if (faults.length > 0) return faults;
  try {
    return findNameFaults(snapshotOf(database));
  } catch (error) {
    return [`drizzle-kit cannot read the schema: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** @throws {CommandFailure} if there are faults. */
export async function requireWritableSchema(database: DatabaseDefinition): Promise<void> {
  const faults = await findSchemaFaults(database);
  if (faults.length === 0) return;
  const lines = indentLines(faults).trimEnd();
  throw new CommandFailure(EXIT.failed, `Nothing was done: drizzle-kit cannot write this schema as SQL.\n${lines}`);
}
