/** Schemas for whole numbers, as a `number` or as a `bigint`. */
import { typeMessage } from './type-message.ts';
import * as z from './zod.ts';

export interface Range<N> {
  readonly min: N;
  readonly max: N;
}

export const INT2: Range<number> = { min: -32_768, max: 32_767 };
export const INT4: Range<number> = { min: -2_147_483_648, max: 2_147_483_647 };
export const INT8: Range<bigint> = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
/** The range of a `bigint` in mode `number`. Outside it, one number in JavaScript and JSON can mean several numbers in PostgreSQL. */
export const SAFE: Range<number> = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };

/** A whole number in a range. PostgreSQL's integers have only one zero, so -0 becomes 0. */
export function wholeNumber({ min, max }: Range<number>): z.ZodNumber {
  const { error } = typeMessage('Not a whole number');
  // zod's int() also checks the safe-integer range. Without this function, a number that is too large would get two messages.
  const messageFor = ({ code, input }: { readonly code?: string | undefined; readonly input?: unknown }) =>
    code === 'too_big' ? atMostMessage(max) : code === 'too_small' ? atLeastMessage(min) : error({ input });
  return z
    .int({ error: messageFor, abort: true })
    .min(min, atLeastMessage(min))
    .max(max, atMostMessage(max))
    .overwrite((value) => value + 0);
}

/** A `bigint`, or its digits as text: JSON has no `bigint`, and JSON numbers are not precise enough. */
export function bigWholeNumber(addLimits: (number: z.ZodBigInt) => z.ZodBigInt): z.ZodType<bigint, bigint | string> {
  // No number that PostgreSQL stores has more digits.
  const digits = z
    .string()
    .regex(/^-?\d{1,131072}$/)
    .transform(BigInt);
  return z.union([z.bigint(), digits], typeMessage('Not a whole number')).pipe(addLimits(z.bigint()));
}

/** Returns a function that limits a `bigint` schema to the range. */
export function limitRange({ min, max }: Range<bigint>): (number: z.ZodBigInt) => z.ZodBigInt {
  return (number) => number.min(min, atLeastMessage(min)).max(max, atMostMessage(max));
}

function atLeastMessage(min: number | bigint): string {
  return `At least ${min}`;
}

function atMostMessage(max: number | bigint): string {
  return `At most ${max}`;
}
