/** Values at, below and above the limits of columns, and unusual values that requests contain. */
import * as fc from 'fast-check';

const EDGES = [-2, -1, 0, 1, 2];

/**
 * Characters of one to four bytes. Some are one character in PostgreSQL and two units in JavaScript; some combine into one visible
 * character.
 */
const PLAIN = [
  'a',
  ' ',
  '\n',
  'ü',
  'e\u0301',
  '中',
  '💥',
  '👩‍🚀',
  '\u{10ffff}',
  '\ufeff',
  '\ufffd',
  '\u0001',
  "'",
  '"',
  '\\',
  '%',
  '$1',
];
/** Characters that PostgreSQL cannot store, and unpaired surrogates, which may form a pair together. */
const POISON = ['\0', '\ud83d', '\udca5'];

/** Texts whose length in characters is around `limit`. */
export function textAround(limit: number): fc.Arbitrary<string> {
  const character = fc.oneof(
    { arbitrary: fc.constantFrom(...PLAIN), weight: 12 },
    { arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), weight: 4 },
    { arbitrary: fc.constantFrom(...POISON), weight: 1 },
  );
  return fc
    .record({
      head: fc.array(character, { maxLength: 6 }),
      filler: fc.constantFrom('a', ' ', 'ü', '💥'),
      length: lengthAround(limit),
    })
    .map(({ head, filler, length }) => padded(head.join(''), filler, length));
}

/** Well-formed addresses, which can be invalid only by length. */
export const addresses: fc.Arbitrary<string> = fc
  .record({
    local: fc.string({
      unit: fc.constantFrom('a', 'Z', '7', '.', '+', "'", '_', 'ü', '用'),
      minLength: 1,
      maxLength: 64,
    }),
    labels: fc.array(fc.string({ unit: fc.constantFrom('b', 'C', '例', 'ü'), minLength: 1, maxLength: 20 }), {
      maxLength: 4,
    }),
    length: lengthAround(255),
    around: fc.constantFrom('', ' ', '\t\n'),
  })
  .map(
    ({ local, labels, length, around }) =>
      `${around}${padded(`${local}@${labels.map((label) => `${label}.`).join('')}x`, 'x', length)}${around}`,
  );

/** Texts that people and programs enter as an address. */
export const oddAddresses: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(textAround(8), textAround(12)).map((halves) => halves.join('@')),
  fc
    .array(
      fc.constantFrom(
        'a',
        'B',
        '@',
        '.',
        '-',
        'xn--',
        'xn--bcher-kva',
        '。',
        'ß',
        'ẞ',
        'İ',
        'Σ',
        '💥',
        '\u200b',
        '\u00ad',
        'ﬁ',
        '\u0301',
        '%40',
        '/',
        '[',
        '1',
        '0x1',
        'א',
        '\0',
        '\ud83d',
      ),
      { maxLength: 9 },
    )
    .map((pieces) => pieces.join('')),
  fc.emailAddress(),
);

/** Numbers around the limits of `integer`, and other JavaScript numbers. */
export const numbers: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc
    .tuple(fc.constantFrom(2 ** 31, -(2 ** 31), 0, 2 ** 53, -(2 ** 53)), fc.constantFrom(...EDGES))
    .map(([edge, step]) => edge + step),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(-0, 1.5, 1e21, Number.MIN_VALUE, Number.NaN, Number.POSITIVE_INFINITY),
);

/** Times around the limits of `timestamptz`, of four-digit years and of JavaScript. */
export const dates: fc.Arbitrary<Date> = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc
    .tuple(
      fc.constantFrom(
        '-271821-04-20T00:00:00Z',
        '-004713-11-24T00:00:00Z',
        '0000-01-01T00:00:00Z',
        '0001-01-01T00:00:00Z',
        '0100-01-01T00:00:00Z',
        '1900-01-01T00:00:00Z',
        '+010000-01-01T00:00:00Z',
        '+275760-09-13T00:00:00Z',
      ),
      fc.constantFrom(...EDGES),
    )
    .map(([edge, step]) => new Date(Date.parse(edge) + step)),
  fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31') }),
  fc.constant(new Date(Number.NaN)),
);

function lengthAround(limit: number): fc.Arbitrary<number> {
  return fc.oneof(fc.nat(10), fc.constantFrom(...EDGES.map((step) => limit + step)));
}

/** Fills a text to at least `length` characters. */
function padded(text: string, filler: string, length: number): string {
  return text + filler.repeat(Math.max(0, length - Array.from(text).length));
}
