/** Asks a validator about values at the edge of what its columns take. */
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
  /** Whether columns may be left out because the row has them already. */
  readonly isPatch: boolean;
}

/** Values that the validator accepts and the column refuses, or the other way round. */
export function disagreements(validator: Validator): Finding[] {
  const { name, schema, table } = validator;
  const shape = shapeOf(schema);
  const about = subjectOf(table);
  if (shape === undefined) {
    return [{ have: `${name} is no object: its columns were not judged`, want: 'an object', severity: 'info', about }];
  }
  const columns = Object.entries(table.columns).filter(([key]) => key in shape);
  // Nothing of it is ever written.
  if (columns.length === 0) return [];
  const samples = columns.map(([key, column]): [string, unknown] => [key, acceptedSample(shape[key], table, column)]);
  const fine = Object.fromEntries(samples);
  if (!schema.safeParse(fine).success) {
    return [
      {
        have: `${name}: no row was found that it accepts; its columns were not judged`,
        want: 'one',
        severity: 'info',
        about,
      },
    ];
  }
  const hasOthers = columns.length > 1;
  return columns.flatMap(([key, column]) =>
    probesOf(column, isNotNull(table, column), validator.isPatch ? { mayBeLeftOut: hasOthers } : undefined).flatMap(
      (probe) => {
        const isAccepted = probe.values.some((value) => schema.safeParse({ ...fine, [key]: value }).success);
        return isAccepted === probe.isFine ? [] : [toFinding(name, table, key, column, probe)];
      },
    ),
  );
}

/** A value of its type that the validator of the column accepts, whatever else it wants of a value. */
function acceptedSample(validator: z.ZodType | undefined, table: CodeTable, column: Column): unknown {
  const samples = samplesOf(column);
  return (
    samples.find((sample) => validator?.safeParse(sample).success) ?? (isNotNull(table, column) ? samples[0] : null)
  );
}

function toFinding(name: string, table: CodeTable, key: string, column: Column, { what, isFine }: Probe): Finding {
  return {
    have: `${name} ${isFine ? 'refuses' : 'accepts'} ${what} as ${key}`,
    want: `it ${isFine ? 'accepts' : 'refuses'} it: the column is ${column.getSQLType()}${isNotNull(table, column) ? ' NOT NULL' : ''}`,
    why: isFine ? 'People cannot store what there is room for.' : 'The database refuses it, after everything said yes.',
    fix: `Correct ${name}.`,
    // A rule of the application's own may be narrower than the column.
    ...(isFine && { severity: 'warning' as const }),
    about: subjectOf(table, column.name),
  };
}
