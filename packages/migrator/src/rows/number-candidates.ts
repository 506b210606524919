/** Suggests numbers that may satisfy a condition: those in the condition, their neighbors, and others, which depend on a seed. */
import { type Literals, removeDuplicates } from './literals.ts';

const COMMON = [1, 0, 2, 3, 10, 100, 4, 5, 6, 7, 8, 9, 50, 1000, -1];

export function numberCandidates(
  name: string,
  modifiers: readonly number[],
  literals: Literals,
  seed: number,
): string[] {
  const { isValid, step, write } = numberFormat(name, modifiers);
  const nearNumbers = literals.numbers.flatMap((number) =>
    [0, 1, -1, step, -step, 2].map((distance) => number + distance),
  );
  const betweenNumbers = neighborPairs(literals.numbers).map(
    ([low, high]) => low + (seed % Math.max(1, Math.floor(high - low))),
  );
  const otherNumbers = literals.numbers.flatMap((number) => [
    number * 2,
    -number,
    number + (seed % 1000),
    number - (seed % 1000),
    (seed % 1000) * number,
  ]);
  return removeDuplicates([...betweenNumbers, ...nearNumbers, ...COMMON, ...otherNumbers].filter(isValid).map(write));
}

interface NumberFormat {
  readonly isValid: (number: number) => boolean;
  /** The smallest difference of two values. */
  readonly step: number;
  readonly write: (number: number) => string;
}

const INTEGER_MAX: Readonly<Record<string, number>> = {
  smallint: 32_767,
  integer: 2_147_483_647,
  bigint: Number.MAX_SAFE_INTEGER,
};

function numberFormat(name: string, [precision, scale = 0]: readonly number[]): NumberFormat {
  const max = INTEGER_MAX[name];
  if (max !== undefined) {
    return { isValid: (number) => Number.isInteger(number) && Math.abs(number) <= max, step: 1, write: integerText };
  }
  if (name !== 'numeric' || precision === undefined) return { isValid: Number.isFinite, step: 0.5, write: String };
  const step = 10 ** -scale;
  const limit = 10 ** (precision - scale);
  return {
    isValid: (number) => Math.abs(number) < limit,
    step,
    write: (number) =>
      scale > 0 ? number.toFixed(Math.min(scale, 20)) : integerText(Math.round(number * 10 ** scale) / 10 ** scale),
  };
}

/** The nearest integer, without an exponent. */
const integerText = (number: number): string => BigInt(Math.round(number)).toString();

function neighborPairs(numbers: readonly number[]): [number, number][] {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted.slice(1).map((high, index): [number, number] => [sorted[index] ?? high, high]);
}
