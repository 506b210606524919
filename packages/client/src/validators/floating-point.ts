/** Schemas for `double precision` and `real`. JSON has no NaN and no infinity, and -0 is not sent to PostgreSQL. */
import { typeMessage } from './type-message.ts';
import * as z from './zod.ts';

/** The schema for a number. `value + 0` turns -0 into 0. */
export function doubleSchema(): z.ZodNumber {
  return z.number(typeMessage('Not a number')).overwrite((value) => value + 0);
}

/** The schema for a four-byte float that is returned as it was sent: 0.1, but not 0.1234567891. */
export function realSchema(): z.ZodNumber {
  return doubleSchema().refine(isUnchangedByReal, 'The column cannot keep this number exactly');
}

/** Whether PostgreSQL returns this value: it writes a `real` with the fewest digits that identify it among all `real` values. */
function isUnchangedByReal(value: number): boolean {
  const real = Math.fround(value);
  if (value === 0) return true;
  // PostgreSQL refuses a number that is too small or too large for a `real`.
  if (real === 0 || !Number.isFinite(real)) return false;
  for (let digits = 1; digits <= REAL_DIGITS_MAX; digits++) {
    const written = roundTo(real, digits);
    if (Math.fround(written) === real && !isHalfway(written, real)) return written === value;
  }
  return false;
}

const REAL_DIGITS_MAX = 9;

/** Rounds to `digits` digits. At a tie PostgreSQL rounds to even, JavaScript rounds up. */
function roundTo(real: number, digits: number): number {
  const finer = real.toExponential(digits);
  // An even digit before the last 5: rounding to even drops the 5.
  const isTie = Number(finer) === real && /[02468]\.?5e/.test(finer);
  return Number(isTie ? finer.replace('5e', 'e') : real.toExponential(digits - 1));
}

/** Whether `value` is exactly between this `real` and the next one: PostgreSQL does not write such a value. */
function isHalfway(value: number, real: number): boolean {
  const next = 2 * value - real;
  return next !== real && Math.fround(next) === next;
}
