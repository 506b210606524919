/** The tables of a definition with their validators. */
import type { TableValidators } from '@todo/client/validators';
import type { DatabaseDefinition } from '@todo/migrator';
import { z } from 'zod';

import type { Finding } from './check.ts';
import { type CodeTable, codeTables, displayName, subjectOf } from './code-tables.ts';

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

/** A finding for each table without validators. */
export function missingValidators(database: Pick<DatabaseDefinition, 'schema' | 'validators'>): Finding[] {
  return codeTables(database)
    .filter((table) => validatorsOf(database, table) === undefined)
    .map((table) => ({
      have: `${displayName(table)} has no validators`,
      want: 'validators for insert, update and select',
      why: 'Invalid input reaches the database.',
      fix: `Add ${table.key} to \`validators\` in the definition of the database.`,
      severity: 'warning',
      about: subjectOf(table),
    }));
}

function validatorsOf(
  { validators }: Pick<DatabaseDefinition, 'validators'>,
  { key }: CodeTable,
): TableValidators | undefined {
  // The type has the tables of one schema; here the schema is unknown.
  return (validators as Readonly<Record<string, TableValidators | undefined>>)[key];
}

/** The validators of an object's keys. Looks into pipes, optional, nullable and readonly validators. Undefined if there is no object. */
export function shapeOf(validator: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  if (validator instanceof z.ZodObject) return validator.shape;
  if (validator instanceof z.ZodPipe) return shapeOf(validator.in as z.ZodType) ?? shapeOf(validator.out as z.ZodType);
  if (validator instanceof z.ZodOptional || validator instanceof z.ZodNullable || validator instanceof z.ZodReadonly) {
    return shapeOf(validator.unwrap() as z.ZodType);
  }
  return undefined;
}
