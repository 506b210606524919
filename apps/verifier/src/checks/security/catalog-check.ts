/** A security check: the rows that it reads from the catalog, and the finding for each row. One query reads the rows of all checks. */
import { z } from 'zod';

import type { Finding, CheckTexts, Severity } from '../../check.ts';
import type { Routine } from './routine.ts';

export interface CatalogCheck extends CheckTexts {
  readonly id: string;
  readonly severity: Severity;
  /** A SELECT over the tables of `scope.ts`, ordered like the findings. */
  readonly rows: string;
  /** Returns undefined if the row is fine. */
  readonly toFinding: (row: unknown) => RoutineFinding | undefined;
}

export type RoutineFinding = Finding & {
  /** The function or procedure of the finding. It is used to find the migration that creates this routine. */
  readonly routine?: z.infer<typeof Routine>;
};

interface Options<Row extends z.ZodType> extends Omit<CatalogCheck, 'toFinding'> {
  /** Parses a row of `rows`. */
  readonly row: Row;
  readonly toFinding: (row: z.infer<Row>) => RoutineFinding | undefined;
}

/** Defines a check. `row` validates each row before `toFinding` gets it. */
export function defineCatalogCheck<Row extends z.ZodType>({ row, toFinding, ...rest }: Options<Row>): CatalogCheck {
  return { ...rest, toFinding: (value) => toFinding(row.parse(value)) };
}
