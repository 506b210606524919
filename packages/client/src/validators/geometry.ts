/** Schemas for Drizzle's `point` and `line`, and for pgvector's `vector`. */
import { doubleSchema, realSchema } from './floating-point.ts';
import { typeMessage } from './type-message.ts';
import * as z from './zod.ts';

/** A point in mode `tuple`. Also for PostGIS points. */
export function pointTuple() {
  return z.tuple([doubleSchema(), doubleSchema()], typeMessage('Not a point such as [1, 2]'));
}

/** A point in mode `xy`. */
export function pointObject() {
  return z.strictObject({ x: doubleSchema(), y: doubleSchema() }, objectMessage('Not a point such as { x: 1, y: 2 }'));
}

/** A line in mode `tuple`: the line with ax + by + c = 0. */
export function lineTuple() {
  const line = z.tuple([doubleSchema(), doubleSchema(), doubleSchema()], typeMessage('Not a line such as [1, 2, 3]'));
  return line.refine(([a, b]) => isLine(a, b), NOT_A_LINE);
}

/** A line in mode `abc`. */
export function lineObject() {
  const coefficients = { a: doubleSchema(), b: doubleSchema(), c: doubleSchema() };
  const line = z.strictObject(coefficients, objectMessage('Not a line such as { a: 1, b: 2, c: 3 }'));
  return line.refine(({ a, b }) => isLine(a, b), NOT_A_LINE);
}

/** Four-byte floats, one for each dimension of the column. */
export function vectorSchema(dimensions: number | undefined) {
  const numbers = z.array(realSchema(), typeMessage('Not a list of numbers'));
  return dimensions === undefined
    ? numbers.min(1, 'At least one number')
    : numbers.length(dimensions, `Not ${dimensions} numbers`);
}

const NOT_A_LINE = 'Not a line: a and b are both zero';

/** Numbers up to `EPSILON` are zero for PostgreSQL: src/include/utils/geo_decls.h. */
const EPSILON = 1e-6;

function isLine(a: number, b: number): boolean {
  return Math.abs(a) > EPSILON || Math.abs(b) > EPSILON;
}

/** The message for a value of the wrong type. Unknown keys keep zod's message, which names them. */
function objectMessage(message: string) {
  const { error } = typeMessage(message);
  return {
    error: (issue: { readonly code?: string | undefined; readonly input?: unknown }) =>
      issue.code === 'unrecognized_keys' ? undefined : error(issue),
  };
}
