/** Suggests texts that may satisfy a condition: its literals, matches of its patterns, texts of its lengths, and common texts. */
import { type Literals, removeDuplicates } from './literals.ts';
import { likeTexts, regexTexts } from './matching-text.ts';
import { hex } from './sample-value.ts';

export function textCandidates({ strings, numbers }: Literals, seed: number, maxLength = Infinity): string[] {
  const ofLikePatterns = strings.filter((text) => /[%_]/.test(text)).flatMap(likeTexts);
  const regexes = strings.filter((text) => /[\^$*+?[\](){}|\\.]/.test(text));
  const ofRegexes = regexes.flatMap((pattern) => regexTexts(pattern, TEXTS_PER_REGEX, seed));
  const beginnings = [...strings, ...ofLikePatterns].slice(0, 5);
  const lengths = numbers.filter(isPlausibleLength).flatMap((length) => [length, length + 1, length - 1]);
  const ofLengths = removeDuplicates(lengths).flatMap((length) => textsOfLength(length, seed, beginnings));
  const ofNumbers = numbers.flatMap((number) => [number, number + 1, number - 1]).map(String);
  const texts = [...strings, ...ofLikePatterns, ...ofRegexes, ...ofLengths, ...ofNumbers, ...commonTexts(seed)];
  // The length counts characters, as PostgreSQL does. No text of PostgreSQL contains the character U+0000.
  return removeDuplicates(texts).filter((text) => Array.from(text).length <= maxLength && !text.includes('\0'));
}

/** The number of texts per regular expression. */
const TEXTS_PER_REGEX = 12;

const isPlausibleLength = (length: number): boolean => Number.isInteger(length) && length >= 0 && length <= 10_000;

/** Texts of `length` characters: letters, digits, hexadecimal digits, the beginnings with letters. The seed decides the last characters. */
function textsOfLength(length: number, seed: number, beginnings: readonly string[]): string[] {
  if (length <= 0) return [''];
  const lowerCase = letters(seed, length);
  const hexDigits = seed.toString(16).padStart(length, 'a').slice(-length);
  const filled = beginnings
    .filter((text) => text.length < length)
    .map((text) => text + letters(seed, length - text.length));
  return [lowerCase, lowerCase.toUpperCase(), String(seed).padStart(length, '1').slice(-length), hexDigits, ...filled];
}

/** `length` letters. Another seed gives other last letters. */
const letters = (seed: number, length: number): string =>
  seed
    .toString(26)
    .replaceAll(/./g, (digit) => String.fromCodePoint(97 + Number.parseInt(digit, 26)))
    .padStart(length, 'a')
    .slice(-length);

/** Usual content of text columns. */
function commonTexts(seed: number): string[] {
  const word = `row${seed.toString(36)}`;
  const digits = String(seed).padStart(7, '0').slice(-7);
  return [
    `${word}@example.com`,
    `https://example.com/${word}`,
    word.toUpperCase(),
    letters(seed, 8),
    letters(seed, 8).toUpperCase(),
    digits,
    `Row ${seed}`,
    `+4930${digits}`,
    'a',
    'A',
    '',
    ...'1 de DE EUR en-US'.split(' '),
    `#${hex(seed, 6)}`,
    `00000000-0000-4000-8000-${hex(seed, 12)}`,
    ...'2024-01-31 12:34 12:34:56 1.2.3 10.0.0.1'.split(' '),
    `/${word}`,
    `${word}.example.com`,
    ...'image/png Europe/Berlin {} []'.split(' '),
  ];
}
