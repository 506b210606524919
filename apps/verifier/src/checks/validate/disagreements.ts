/** Compares a validator with its columns on boundary values. */
import type { Column } from 'drizzle-orm';
import type { z } from 'zod';

import type { Finding } from '../../check.ts';
import { type CodeTable, isNotNull, subjectOf } from '../../code-tables.ts';
import { shapeOf } from '../../validated-tables.ts';
import { type Probe, probesOf, samplesOf } from './column-probes.ts';

export interface Validator {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly table: CodeTable;
  /** Whether the validator is for updates, in which columns may be missing. */
  readonly isPatch: boolean;
}

/** Findings for values that only one of validator and column accepts. */
export function disagreements(validator: Validator): Finding[] {
  const { name, schema, table } = validator;
  const shape = shapeOf(schema);
  const about = subjectOf(table);
  if (shape === undefined) {
    return [
      { have: `${name} is not an object: its columns were not checked`, want: 'an object', severity: 'info', about },
    ];
  }
  const columns = Object.entries(table.columns).filter(([key]) => key in shape);
  // The validator has no column of the table.
  if (columns.length === 0) return [];
  const samples = columns.map(([key, column]): [string, unknown] => [key, acceptedSample(shape[key], table, column)]);
  const acceptedRow = Object.fromEntries(samples);
  if (!schema.safeParse(acceptedRow).success) {
    return [
      {
        have: `${name} refuses the sample row that was tried: its columns were not checked`,
        want: 'columns that are checked',
        why: 'The validator may have a rule that the verifier cannot see, such as one over two columns.',
        fix: 'None, if the validator is right: test its columns in a test of your own.',
        severity: 'info',
        about,
      },
    ];
  }
  return columns.flatMap(([key, column]) =>
    probesOf(column, isNotNull(table, column), mayBeMissing(validator, column, columns.length)).flatMap((probe) => {
      const isAccepted = probe.values.some((value) => schema.safeParse({ ...acceptedRow, [key]: value }).success);
      return isAccepted === probe.fitsColumn ? [] : [toFinding(name, table, key, column, probe)];
    }),
  );
}

/** Whether a row that the validator accepts may lack the column. An update must set one column, so it may lack one if there are others. */
function mayBeMissing({ isPatch, table }: Validator, column: Column, columnCount: number): boolean {
  if (isPatch) return columnCount > 1;
  const isFilled = column.hasDefault || column.defaultFn !== undefined || column.onUpdateFn !== undefined;
  return isFilled || !isNotNull(table, column);
}

/** A sample value that the column's validator accepts. If there is none, any sample, or null if the column allows null. */
function acceptedSample(validator: z.ZodType | undefined, table: CodeTable, column: Column): unknown {
  const samples = samplesOf(column);
  return (
    samples.find((sample) => validator?.safeParse(sample).success) ?? (isNotNull(table, column) ? samples[0] : null)
  );
}

function toFinding(name: string, table: CodeTable, key: string, column: Column, { what, fitsColumn }: Probe): Finding {
  return {
    have: `${name} ${fitsColumn ? 'refuses' : 'accepts'} ${what} as ${key}`,
    want: `the validator ${fitsColumn ? 'accepts' : 'refuses'} this value: the column is ${column.getSQLType()}${isNotNull(table, column) ? ' NOT NULL' : ''}`,
    why: fitsColumn ? 'Users cannot store a value that the column accepts.' : 'A valid input fails in the database.',
    fix: `Correct ${name}.`,
    // The application may have stricter rules than the column.
    ...(fitsColumn && { severity: 'warning' as const }),
    about: subjectOf(table, column.name),
  };
}
