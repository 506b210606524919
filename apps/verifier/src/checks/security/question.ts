/** A check of this group: the rows that it wants to see, and what a row means. All are asked in one query. */
import { z } from 'zod';

import type { Finding, Page, Severity } from '../../check.ts';
import type { Routine } from '../../source-places.ts';

export interface Question extends Page {
  readonly id: string;
  readonly severity: Severity;
  /** A SELECT over the tables of `scope.ts`, in the order of the findings. */
  readonly rows: string;
  /** Undefined where a row is as it should be. */
  readonly judge: (row: unknown) => Judgement | undefined;
}

export type Judgement = Finding & {
  /** The function or procedure that it is about: where a migration makes it is found from this. */
  readonly routine?: Routine;
};

interface Typed<Row extends z.ZodType> extends Omit<Question, 'judge'> {
  /** Parses a row of `rows`. */
  readonly row: Row;
  readonly judge: (row: z.infer<Row>) => Judgement | undefined;
}

export function question<Row extends z.ZodType>({ row, judge, ...rest }: Typed<Row>): Question {
  return { ...rest, judge: (value) => judge(row.parse(value)) };
}
