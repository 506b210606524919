/** Schemas for `numeric`: decimal numbers of any size, or with a fixed number of digits and decimals. */
import { canonicalText, type Reading } from './canonical-text.ts';
import { typeMessage } from './type-message.ts';
import { bigWholeNumber } from './whole-number.ts';
import * as z from './zod.ts';

/** The precision and scale of a Drizzle column. Without a precision Drizzle declares `numeric`, whatever the scale. */
export interface NumericColumn {
  readonly precision: number | undefined;
  readonly scale: number | undefined;
}

/** The schema in mode `string`. The output is the number as PostgreSQL writes it: `1.5` becomes `1.50` in a column with two decimals. */
export function decimalText(column: NumericColumn): z.ZodString {
  return canonicalText(NOT_DECIMAL, (text) => {
    if (text === 'NaN') return text;
    if (/^-?Infinity$/.test(text)) return column.precision === undefined ? text : { refused: 'Not a finite number' };
    const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d*)\.?(\d*)$/.exec(text) ?? [];
    return whole + fraction === '' ? { refused: NOT_DECIMAL } : toColumnScale({ sign, whole, fraction }, column);
  });
}

/** The schema in mode `number`: a number whose JavaScript text has no more digits than the column. */
export function decimalNumber(column: NumericColumn): z.ZodNumber {
  return (
    z
      .number(typeMessage('Not a number'))
      .superRefine(refuseChanged(column))
      // -0 becomes 0, as PostgreSQL returns it.
      .overwrite((value) => value + 0)
  );
}

/** The schema in mode `bigint`. A column with decimals cannot be read: Drizzle calls `BigInt('5.00')`, which throws. */
export function decimalBigInt(column: NumericColumn): z.ZodType<bigint, bigint | string> {
  return bigWholeNumber((number) => number.superRefine(refuseChanged(column)));
}

/** The check that refuses a number which the column would not return unchanged. */
function refuseChanged(column: NumericColumn) {
  return (value: number | bigint, context: z.RefinementCtx) => {
    const reading = toColumnScale(digitsOf(value), column);
    if (typeof reading !== 'string') context.addIssue(reading.refused);
  };
}

const NOT_DECIMAL = 'Not a decimal number';
/** https://www.postgresql.org/docs/current/datatype-numeric.html */
const WHOLE_DIGITS_MAX = 131_072;
const DECIMALS_MAX = 16_383;

interface Digits {
  readonly sign: string;
  readonly whole: string;
  readonly fraction: string;
}

/** The digits of a number, without an exponent: `1.5e-7` is 0.00000015. */
function digitsOf(value: number | bigint): Digits {
  const [, sign = '', whole = '', decimals = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const pointIndex = whole.length + Number(exponent);
  const digits = whole + decimals;
  if (pointIndex <= 0) return { sign, whole: '', fraction: '0'.repeat(-pointIndex) + digits };
  return { sign, whole: digits.slice(0, pointIndex).padEnd(pointIndex, '0'), fraction: digits.slice(pointIndex) };
}

/** The number as the column stores it, or the refusal of a number that would be rounded or is too long. */
function toColumnScale({ sign, whole: padded, fraction }: Digits, { precision, scale = 0 }: NumericColumn): Reading {
  const whole = padded.replace(/^0+/, '');
  if (precision === undefined) {
    if (whole.length > WHOLE_DIGITS_MAX) return { refused: `At most ${WHOLE_DIGITS_MAX} digits before the point` };
    if (fraction.length > DECIMALS_MAX) return { refused: `At most ${DECIMALS_MAX} decimals` };
    return formatDecimal(sign, whole, fraction);
  }
  const decimals = fraction.replace(/0+$/, '');
  if (decimals.length > Math.max(0, scale)) return { refused: tooFineMessage(scale) };
  // With a scale of -2, PostgreSQL keeps hundreds.
  if (scale < 0 && !whole.endsWith('0'.repeat(-scale)) && whole !== '') return { refused: tooFineMessage(scale) };
  // With more decimals than digits, the first decimals must be 0: a `numeric(2, 4)` is below 0.01.
  const isTooLarge =
    precision >= scale
      ? whole.length > precision - scale
      : whole !== '' || /[1-9]/.test(decimals.slice(0, scale - precision));
  if (isTooLarge) return { refused: tooLargeMessage(precision - scale) };
  return formatDecimal(sign, whole, decimals.padEnd(scale, '0'));
}

function formatDecimal(sign: string, whole: string, fraction: string): string {
  const isNegative = sign === '-' && /[1-9]/.test(whole + fraction);
  return `${isNegative ? '-' : ''}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`;
}

function tooFineMessage(scale: number): string {
  if (scale === 0) return 'Not a whole number';
  return scale > 0 ? `At most ${scale} decimal${scale === 1 ? '' : 's'}` : `Not a multiple of 1${'0'.repeat(-scale)}`;
}

/** @param wholeDigits The number of digits before the point. Below 0: the number of decimals that must be 0. */
function tooLargeMessage(wholeDigits: number): string {
  if (wholeDigits > 0) return `At most ${wholeDigits} digit${wholeDigits === 1 ? '' : 's'} before the point`;
  const bound = wholeDigits === 0 ? '1' : `0.${'0'.repeat(-wholeDigits - 1)}1`;
  return `Not between -${bound} and ${bound}`;
}
