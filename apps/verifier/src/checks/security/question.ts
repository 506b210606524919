/** One check of this group: the rows that the check reads, and the finding for each row. One query reads the rows of all checks. */
import { z } from 'zod';

import type { Finding, Page, Severity } from '../../check.ts';
import type { Routine } from './routine.ts';

export interface Question extends Page {
  readonly id: string;
  readonly severity: Severity;
  /** A SELECT over the tables of `scope.ts`, ordered like the findings. */
  readonly rows: string;
  /** Returns undefined if the row is fine. */
  readonly judge: (row: unknown) => Judgement | undefined;
}

export type Judgement = Finding & {
  /** The function or procedure of the finding. It is used to find the migration that creates this routine. */
  readonly routine?: z.infer<typeof Routine>;
};

interface Typed<Row extends z.ZodType> extends Omit<Question, 'judge'> {
  /** Parses a row of `rows`. */
  readonly row: Row;
  readonly judge: (row: z.infer<Row>) => Judgement | undefined;
}

export function question<Row extends z.ZodType>({ row, judge, ...rest }: Typed<Row>): Question {
  return { ...rest, judge: (value) => judge(row.parse(value)) };
}
