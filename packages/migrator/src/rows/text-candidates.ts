/** Texts that a condition may accept: its own, those that match its patterns, those of its lengths, and usual shapes. */
import { type Literals, unique } from './literals.ts';
import { likeTexts, regexTexts } from './matching-text.ts';

export function textCandidates({ strings, numbers }: Literals, n: number, maxLength = Infinity): string[] {
  const patterns = strings.filter((text) => /[\^$*+?[\](){}|\\.]/.test(text));
  const likes = strings.filter((text) => /[%_]/.test(text)).flatMap(likeTexts);
  const matching = patterns.flatMap((pattern) => regexTexts(pattern, MATCHING, n));
  const lengths = unique(numbers.filter(isLength).flatMap((length) => [length, length + 1, length - 1]));
  const long = lengths.flatMap((length) => ofLength(length, n));
  return unique([...strings, ...likes, ...matching, ...long, ...usual(n)]).filter(
    (text) => Array.from(text).length <= maxLength && !text.includes('\0'),
  );
}

/** How many texts are made for a regular expression. */
const MATCHING = 12;

const isLength = (length: number): boolean => Number.isInteger(length) && length >= 0 && length <= 10_000;

/** Letters, capitals and digits; the last ones differ. */
function ofLength(length: number, n: number): string[] {
  if (length <= 0) return [''];
  const letters = n.toString(26).replaceAll(/./g, (digit) => String.fromCodePoint(97 + Number.parseInt(digit, 26)));
  const low = letters.padStart(length, 'a').slice(-length);
  return [
    low,
    low.toUpperCase(),
    String(n).padStart(length, '1').slice(-length),
    n.toString(16).padStart(length, 'a').slice(-length),
  ];
}

/** What columns of text usually hold. */
function usual(n: number): string[] {
  const word = `row${n.toString(36)}`;
  const digits = String(n).padStart(7, '0').slice(-7);
  return [
    `${word}@example.com`,
    `https://example.com/${word}`,
    word.toUpperCase(),
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
