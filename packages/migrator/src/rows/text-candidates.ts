/** Suggests texts that may satisfy a condition: its literals, matches of its patterns, texts of its lengths, and common texts. */
import { type Literals, removeDuplicates } from './literals.ts';
import { likeTexts, regexTexts } from './matching-text.ts';

export function textCandidates({ strings, numbers }: Literals, n: number, maxLength = Infinity): string[] {
  const likes = strings.filter((text) => /[%_]/.test(text)).flatMap(likeTexts);
  const patterns = strings.filter((text) => /[\^$*+?[\](){}|\\.]/.test(text));
  const matching = patterns.flatMap((pattern) => regexTexts(pattern, MATCHES_MAX, n));
  const beginnings = [...strings, ...likes].slice(0, 5);
  const lengths = removeDuplicates(
    numbers.filter(isPlausibleLength).flatMap((length) => [length, length + 1, length - 1]),
  );
  const long = lengths.flatMap((length) => textsOfLength(length, n, beginnings));
  const inDigits = numbers.flatMap((number) => [number, number + 1, number - 1]).map(String);
  return removeDuplicates([...strings, ...likes, ...matching, ...long, ...inDigits, ...commonTexts(n)]).filter(
    (text) => Array.from(text).length <= maxLength && !text.includes('\0'),
  );
}

/** The number of texts per regular expression. */
const MATCHES_MAX = 12;

const isPlausibleLength = (length: number): boolean => Number.isInteger(length) && length >= 0 && length <= 10_000;

/** Texts of `length` characters: letters, digits, hexadecimal digits, and texts with these beginnings. `n` decides the last characters. */
function textsOfLength(length: number, n: number, beginnings: readonly string[]): string[] {
  if (length <= 0) return [''];
  const low = letters(n, length);
  const hex = n.toString(16).padStart(length, 'a').slice(-length);
  const filled = beginnings
    .filter((text) => text.length < length)
    .map((text) => text + letters(n, length - text.length));
  return [low, low.toUpperCase(), String(n).padStart(length, '1').slice(-length), hex, ...filled];
}

/** Letters. A different `n` gives different last characters. */
const letters = (n: number, length: number): string =>
  n
    .toString(26)
    .replaceAll(/./g, (digit) => String.fromCodePoint(97 + Number.parseInt(digit, 26)))
    .padStart(length, 'a')
    .slice(-length);

/** Usual content of text columns. */
function commonTexts(n: number): string[] {
  const word = `row${n.toString(36)}`;
  const digits = String(n).padStart(7, '0').slice(-7);
  return [
    `${word}@example.com`,
    `https://example.com/${word}`,
    word.toUpperCase(),
    letters(n, 8),
    letters(n, 8).toUpperCase(),
    digits,
    `Row ${n}`,
    `+4930${digits}`,
    'a',
    'A',
    '',
    '1',
    'de',
    'DE',
    'EUR',
    'en-US',
    `#${n.toString(16).padStart(6, '0').slice(-6)}`,
    `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0').slice(-12)}`,
    '2024-01-31',
    '12:34',
    '12:34:56',
    '1.2.3',
    '10.0.0.1',
    `/${word}`,
    `${word}.example.com`,
    'image/png',
    'Europe/Berlin',
    '{}',
    '[]',
  ];
}
