/** Drizzle's `point` and `line`, and pgvector's `vector`. */
import { doubleSchema, realSchema } from './floating-point.ts';
import { otherwise } from './otherwise.ts';
import * as z from './zod.ts';

/** A point in mode `tuple`. Also for PostGIS points. */
export function pointTuple() {
  return z.tuple([doubleSchema(), doubleSchema()], otherwise('Not a point such as [1, 2]'));
}

/** A point in mode `xy`. */
export function pointObject() {
  return z.strictObject({ x: doubleSchema(), y: doubleSchema() }, notAnObject('Not a point such as { x: 1, y: 2 }'));
}

/** A line in mode `tuple`: the line with ax + by + c = 0. */
export function lineTuple() {
  const line = z.tuple([doubleSchema(), doubleSchema(), doubleSchema()], otherwise('Not a line such as [1, 2, 3]'));
  return line.refine(([a, b]) => isDirected(a, b), NOT_A_LINE);
}

/** A line in mode `abc`. */
export function lineObject() {
  const coefficients = { a: doubleSchema(), b: doubleSchema(), c: doubleSchema() };
  const line = z.strictObject(coefficients, notAnObject('Not a line such as { a: 1, b: 2, c: 3 }'));
  return line.refine(({ a, b }) => isDirected(a, b), NOT_A_LINE);
}

/** Four-byte floats, one for each dimension of the column. */
export function vectorSchema(dimensions: number | undefined) {
  const numbers = z.array(realSchema(), otherwise('Not a list of numbers'));
  return dimensions === undefined
    ? numbers.min(1, 'Not one number')
    : numbers.length(dimensions, `Not ${dimensions} numbers`);
}

const NOT_A_LINE = 'No line: a and b are both zero';

/** PostgreSQL treats numbers below its `EPSILON` as zero: src/include/utils/geo_decls.h. */
function isDirected(a: number, b: number): boolean {
  return Math.abs(a) > 1e-6 || Math.abs(b) > 1e-6;
}

/** Unknown keys keep zod's message, which names them. */
function notAnObject(message: string) {
  const { error } = otherwise(message);
  return {
    error: (issue: { readonly code?: string | undefined; readonly input?: unknown }) =>
      issue.code === 'unrecognized_keys' ? undefined : error(issue),
  };
}
