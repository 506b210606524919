/** The validators of a definition, beside the tables that they are for. */
import type { TableValidators } from '@todo/client/validators';
import type { DatabaseDefinition } from '@todo/migrator';
import { z } from 'zod';

import type { Finding } from './check.ts';
import { type CodeTable, codeTables, spelled, subjectOf } from './code-tables.ts';

export interface ValidatedTable {
  readonly table: CodeTable;
  readonly validators: TableValidators;
}

export function validatedTables(database: Pick<DatabaseDefinition, 'schema' | 'validators'>): ValidatedTable[] {
  return codeTables(database).flatMap((table) => {
    const validators = validatorsOf(database, table);
    return validators === undefined ? [] : [{ table, validators }];
  });
}

/** A finding for each table that has none. */
export function unvalidated(database: Pick<DatabaseDefinition, 'schema' | 'validators'>): Finding[] {
  return codeTables(database)
    .filter((table) => validatorsOf(database, table) === undefined)
    .map((table) => ({
      have: `${spelled(table)} has no validators`,
      want: 'validators for what is inserted, updated and read',
      why: 'Nothing says what may be written there before the database refuses it.',
      fix: `Add ${table.key} to \`validators\` in the definition of the database.`,
      severity: 'warning',
      about: subjectOf(table),
    }));
}

function validatorsOf(
  { validators }: Pick<DatabaseDefinition, 'validators'>,
  { key }: CodeTable,
): TableValidators | undefined {
  // Its type names the tables of the one schema; here it is any schema's.
  return (validators as Readonly<Record<string, TableValidators | undefined>>)[key];
}

/** The validator of each key, through whatever is around the object; undefined when it is no object. */
export function shapeOf(validator: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  if (validator instanceof z.ZodObject) return validator.shape;
  if (validator instanceof z.ZodPipe) return shapeOf(validator.in as z.ZodType) ?? shapeOf(validator.out as z.ZodType);
  if (validator instanceof z.ZodOptional || validator instanceof z.ZodNullable || validator instanceof z.ZodReadonly) {
    return shapeOf(validator.unwrap() as z.ZodType);
  }
  return undefined;
}
