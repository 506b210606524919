/** Asks a validator about values at the edge of what its columns take. */
import { type Column, getTableColumns, type Table } from 'drizzle-orm';
import type { ZodObject } from 'zod';

import type { Finding } from '../../check.ts';

export interface Validator {
  readonly name: string;
  readonly schema: ZodObject;
  readonly table: Table;
  /** Whether columns may be left out because the row has them already. */
  readonly isPatch: boolean;
}

/** Values that the validator accepts and the column refuses, or the other way round. */
export function disagreements({ name, schema, table, isPatch }: Validator): Finding[] {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => key in schema.shape);
  const fine = Object.fromEntries(columns.map(([key, column]) => [key, sampleOf(column)]));
  return columns.flatMap(([key, column]) =>
    probesOf(column, isPatch)
      .filter(({ value, isFine }) => schema.safeParse({ ...fine, [key]: value }).success !== isFine)
      .map(({ what, isFine }) => ({
        have: `${name} ${isFine ? 'refuses' : 'accepts'} ${what} as ${key}`,
        want: `it ${isFine ? 'accepts' : 'refuses'} it: the column is ${column.getSQLType()}${column.notNull ? ' NOT NULL' : ''}`,
        why: isFine
          ? 'People cannot store what there is room for.'
          : 'The database refuses it, after everything said yes.',
        fix: `Correct ${name} in packages/db/src/validators.`,
      })),
  );
}

interface Probe {
  readonly what: string;
  readonly value: unknown;
  /** Whether the column takes it. */
  readonly isFine: boolean;
}

function probesOf(column: Column, isPatch: boolean): Probe[] {
  const type = column.getSQLType();
  const length = Number(/^varchar\((\d+)\)$/.exec(type)?.[1]);
  return [
    { what: 'nothing', value: undefined, isFine: isPatch || !column.notNull || column.hasDefault },
    { what: 'null', value: null, isFine: !column.notNull },
    ...(length > 0 ? lengthProbes(length) : []),
    ...(type === 'integer' ? RANGE_PROBES : []),
  ];
}

/** PostgreSQL counts characters; one outside the basic plane is two of JavaScript's units. Addresses, for all columns' sake. */
function lengthProbes(length: number): Probe[] {
  return [
    { what: `${length} letters`, value: address(length, 'b'), isFine: true },
    { what: `${length + 1} letters`, value: address(length + 1, 'b'), isFine: false },
    { what: `${length} characters outside the basic plane`, value: address(length, '𝕏'), isFine: true },
  ];
}

function address(length: number, letter: string): string {
  return `a@${letter.repeat(length - 2)}`;
}

const RANGE_PROBES: readonly Probe[] = [
  { what: '2147483647', value: 2 ** 31 - 1, isFine: true },
  { what: '2147483648', value: 2 ** 31, isFine: false },
  { what: '1.5', value: 1.5, isFine: false },
];

function sampleOf(column: Column): unknown {
  switch (column.dataType) {
    case 'boolean':
      return true;
    case 'number':
      return 1;
    default:
      return 'a@b.cc';
  }
}
