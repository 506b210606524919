/** Values for each kind of column: at, below and above its limits, and unusual values that requests contain. */
import * as fc from 'fast-check';

import type { Kind } from './kinds.ts';

export function valuesOf(kind: Kind): fc.Arbitrary<unknown> {
  return VALUES[kind];
}

/** Texts that are an example, or differ from an example in a few places. */
function near(examples: readonly string[], alphabet: string): fc.Arbitrary<string> {
  const change = fc.record({
    place: fc.nat(60),
    removed: fc.nat(2),
    added: fc.oneof(
      { arbitrary: fc.constantFrom('', ...Array.from(alphabet)), weight: 6 },
      { arbitrary: fc.constantFrom('\0', '\ud83d', '٣', 'é'), weight: 1 },
    ),
  });
  return fc
    .tuple(fc.constantFrom(...examples), fc.array(change, { maxLength: 3 }))
    .map(([example, changes]) => changes.reduce(changed, example));
}

function changed(text: string, { place, removed, added }: { place: number; removed: number; added: string }): string {
  const at = place % (text.length + 1);
  return text.slice(0, at) + added + text.slice(at + removed);
}

/** Characters of one to four bytes, characters that PostgreSQL cannot store, and unpaired surrogates, which may form a pair together. */
function textAround(limit: number): fc.Arbitrary<string> {
  const character = fc.oneof(
    {
      arbitrary: fc.constantFrom(
        'a',
        ' ',
        '\n',
        'ü',
        'e\u0301',
        '中',
        '💥',
        '\ufeff',
        "'",
        '"',
        '\\',
        '{',
        ',',
        'NULL',
      ),
      weight: 12,
    },
    { arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), weight: 4 },
    { arbitrary: fc.constantFrom('\0', '\ud83d', '\udca5'), weight: 1 },
  );
  const filler = fc
    .tuple(fc.constantFrom('', 'a', ' ', '💥'), fc.nat(limit + 2))
    .map(([text, times]) => text.repeat(times));
  return fc.tuple(fc.array(character, { maxLength: limit + 2 }), filler).map(([head, tail]) => head.join('') + tail);
}

function digits(length: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...Array.from('0001259')), maxLength: length });
}

const decimals = fc.oneof(
  fc
    .tuple(fc.constantFrom('', '-', '+'), digits(12), fc.constantFrom('', '.'), digits(8))
    .map((parts) => parts.join('')),
  near(
    ['12345678.90', '-99999999.99', '0.00012', '1e3', 'NaN', 'Infinity', '-Infinity', '99900'],
    '+-.,eE0159 _xnaNif',
  ),
);

const numbers = fc.oneof(
  fc.double(),
  fc.float(),
  fc.integer(),
  fc.integer({ min: -40_000, max: 40_000 }),
  fc.maxSafeInteger(),
  fc
    .tuple(fc.integer({ min: -99_999, max: 9_999_999_999 }), fc.nat(7))
    .map(([whole, places]) => Number(`${whole}e-${places}`)),
  fc
    .tuple(fc.constantFrom(2 ** 15, 2 ** 31, 2 ** 53, 2 ** 63), fc.constantFrom(-1, 1), fc.integer({ min: -2, max: 2 }))
    .map(([edge, sign, step]) => sign * edge + step),
  fc.constantFrom(
    0,
    -0,
    0.1,
    1.5,
    1e-7,
    1e21,
    5e-324,
    Number.MAX_VALUE,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ),
  fc.constantFrom(16_777_217, 3.4028235e38, 3.4028236e38, 1e-45, 7e-46, 1.17549435e-38, 1e-6, 1.000001e-6),
);

const bigints = fc.oneof(
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }),
  fc.bigInt({ min: -100n, max: 100n }),
  fc
    .tuple(fc.constantFrom(2n ** 63n, 10n ** 20n), fc.constantFrom(-1n, 1n), fc.bigInt({ min: -2n, max: 2n }))
    .map(([edge, sign, step]) => sign * edge + step),
);

const dateTexts = fc.oneof(
  fc
    .record({
      year: fc.oneof(
        fc.integer({ min: 0, max: 9999 }),
        fc.integer({ min: 0, max: 6_000_000 }),
        fc.constantFrom(4713, 4714, 294_276, 5_874_897),
      ),
      month: fc.integer({ min: 0, max: 13 }),
      day: fc.integer({ min: 0, max: 32 }),
      era: fc.constantFrom('', '', ' BC'),
    })
    .map(({ year, month, day, era }) => `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}${era}`),
  near(
    [
      '2026-02-29',
      '2024-02-29',
      '0001-01-01',
      '4714-11-24 BC',
      '4714-11-23 BC',
      '5874897-12-31',
      '5874898-01-01',
      'infinity',
    ],
    '0129-/ BCT:Z',
  ),
);

const offsets = fc.constantFrom(
  '',
  '',
  'Z',
  '+00',
  '-00',
  '+02',
  '-05:30',
  '+0530',
  '+15:59',
  '-15:59:59',
  '+16',
  '+02:60',
  '+1',
  ' UTC',
);
const timeTexts = fc.oneof(
  fc
    .tuple(
      fc.tuple(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 61 }), fc.integer({ min: 0, max: 61 })),
      fc.oneof(
        fc.constant(''),
        fc.string({ unit: fc.constantFrom(...Array.from('00159')), maxLength: 8 }).map((text) => `.${text}`),
      ),
      offsets,
    )
    .map(([fields, fraction, offset]) => fields.map(two).join(':') + fraction + offset),
  near(['24:00:00', '24:00:00+00', '13:45', '00:00:00.1', '23:59:59.999999+02'], '0129:.+-Z apm'),
);

const timestampTexts = fc.oneof(
  fc
    .tuple(dateTexts, fc.constantFrom('T', ' '), timeTexts)
    .map(([date, separator, time]) =>
      date.endsWith(' BC') ? `${date.slice(0, -3)}${separator}${time} BC` : `${date}${separator}${time}`,
    ),
  near(
    [
      '2026-01-31T13:45:00Z',
      '2026-01-31T13:45:00.123+02:00',
      '2026-01-31 13:45:00.123456+00',
      '294276-12-31 23:59:59.999999',
      '294276-12-31 23:59:59.999999+00',
      '294276-12-31 23:59:59-01',
      '4714-11-24 00:00:00 BC',
      '4714-11-24 00:00:00+00 BC',
      '4714-11-24 00:00:00+01 BC',
      '0001-01-01 00:00:00+01',
      'infinity',
      '-infinity',
    ],
    '0129-:.+TZ BC',
  ),
);

const dates = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31') }),
  fc.integer({ min: -720_000, max: 2_940_000 }).map((days) => new Date(days * 86_400_000)),
  fc.integer({ min: -62_000_000_000, max: 253_000_000_000 }).map((seconds) => new Date(seconds * 1_000)),
  fc.integer({ min: -6_200_000_000, max: 25_300_000_000 }).map((hundredths) => new Date(hundredths * 10)),
  fc
    .tuple(
      fc.constantFrom('0000-01-01', '0001-01-01', '0100-01-01', '1970-01-01', '+010000-01-01', '+275760-09-13'),
      fc.integer({ min: -2, max: 2 }),
    )
    .map(([edge, step]) => new Date(Date.parse(edge) + step)),
  fc.constant(new Date(Number.NaN)),
);

const intervalTexts = fc.oneof(
  fc
    .record({
      years: fc.integer({ min: -3, max: 3 }),
      months: fc.integer({ min: -13, max: 13 }),
      days: fc.integer({ min: -40, max: 40 }),
      time: fc.tuple(fc.constantFrom('', '-', '+'), timeTexts).map((parts) => parts.join('')),
      isTimed: fc.boolean(),
    })
    .map(
      ({ years, months, days, time, isTimed }) =>
        `${years} years ${months} mons ${days} days${isTimed ? ` ${time}` : ''}`,
    ),
  fc
    .record({
      date: fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.constantFrom(...Array.from('YMWD'))), {
        maxLength: 3,
      }),
      time: fc.array(fc.tuple(fc.integer({ min: -200, max: 200 }), fc.constantFrom('H', 'M', '.5S', 'S')), {
        maxLength: 3,
      }),
    })
    .map(({ date, time }) => `P${date.flat().join('')}${time.length === 0 ? '' : `T${time.flat().join('')}`}`),
  near(
    [
      '1 year 2 mons 3 days 04:05:06.7',
      '-1 years -2 mons +3 days -04:05:06',
      '1 mon',
      '2 weeks 1 hour 30 minutes 5 seconds',
      '00:00:00',
      '2562047788:00:54.775807',
      '-2562047788:00:54.775808',
      '178956970 years 7 mons',
      '178956970 years 8 mons',
      '-178956970 years -8 mons',
      '2147483647 days',
      '2147483648 days',
      'P1Y2M3W4DT5H6M7.8S',
      'PT0.000001S',
    ],
    '0129-+:. yearmondsPTHMS',
  ),
);

const uuidTexts = near(
  [
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
    '00000000-0000-0000-0000-000000000000',
  ],
  '0aFg-{} ',
);

const networks = fc.oneof(
  fc
    .tuple(
      fc.array(fc.constantFrom('0', '0', '0', '1', 'ffff', 'Ab', '00c'), { minLength: 8, maxLength: 8 }),
      fc.integer({ min: -1, max: 130 }),
    )
    .map(([words, length]) => words.join(':') + (length < 0 ? '' : `/${length}`)),
  fc
    .tuple(
      fc.array(fc.constantFrom('0', '10', '255', '128', '192'), { minLength: 4, maxLength: 4 }),
      fc.integer({ min: -1, max: 34 }),
    )
    .map(([bytes, length]) => bytes.join('.') + (length < 0 ? '' : `/${length}`)),
  near(
    [
      '10.1.2.3',
      '10.0.0.0/8',
      '::1',
      '::',
      '::ffff:1.2.3.4',
      '::1.2.3.4/128',
      'fe80::1/64',
      '1:0:0:2:0:0:0:3',
      '2001:db8::/32',
      '1::2:3:4:5:6:7',
      '::2:3:4:5:6:7:8',
    ],
    '0129af:./ %',
  ),
);

const macTexts = near(
  ['08:00:2b:01:02:03', '08-00-2B-01-02-03', '08002b:010203', '08:00:2b:01:02:03:04:05', '0800.2b01.0203'],
  '0aFg:-.',
);
const bitTexts = fc.string({ unit: fc.constantFrom(...Array.from('01010 2')), maxLength: 5 });

const jsonTexts = fc.oneof(
  textAround(6),
  fc.constantFrom('123', '"x"', 'null', '{}', '[1]', ' true ', '1e400', '{', '__proto__'),
);
const jsonValues: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  jsonTexts,
  fc.object({
    key: fc.oneof(fc.string(), textAround(3), fc.constantFrom('__proto__', 'toJSON', '1', '')),
    values: [
      jsonTexts,
      fc.double(),
      fc.constantFrom<unknown>(undefined, -0, null, 1n, new Date(0), Symbol.iterator, () => 1),
    ],
    withNullPrototype: true,
    withMap: true,
    withDate: true,
    withSparseArray: true,
    withBoxedValues: true,
  }),
);

const coordinates = fc.oneof(numbers, fc.constantFrom(0, 1e-6, 1e-7, 2e-6));
const xy = fc.record({ x: coordinates, y: coordinates });
const abc = fc.record({ a: coordinates, b: coordinates, c: coordinates });

const list = (element: fc.Arbitrary<unknown>) => fc.array(element, { maxLength: 3 });
/** Mostly rectangular. */
const matrix = (element: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    {
      arbitrary: fc.nat(3).chain((width) => list(fc.array(element, { minLength: width, maxLength: width }))),
      weight: 4,
    },
    { arbitrary: list(list(element)), weight: 1 },
  );
const moods = fc.constantFrom('glad', 'so so', 'q"uote', 'back\\slash', 'NULL', '{', '', 'sad', 'Glad', 'glad ');
const fineIntegers = fc.oneof(
  { arbitrary: fc.integer({ min: -9, max: 9 }), weight: 5 },
  { arbitrary: numbers, weight: 1 },
);
/** Mostly valid elements, so that only some lists are refused because of one element. */
const mostly = (fine: fc.Arbitrary<unknown>, other: fc.Arbitrary<unknown>) =>
  fc.oneof({ arbitrary: fine, weight: 6 }, { arbitrary: other, weight: 1 });

const VALUES: Readonly<Record<Kind, fc.Arbitrary<unknown>>> = {
  text: textAround(20),
  textEnum: fc.constantFrom('low', 'high'),
  varchar: textAround(20),
  varchar5: textAround(5),
  varcharEnum: fc.constantFrom('low', 'high'),
  char: textAround(1),
  char5: textAround(5),
  charEnum: fc.constantFrom('low', 'hi'),
  mood: moods,
  size: fc.constantFrom('s', 'l', 'Small', 'm'),
  smallint: numbers,
  integer: numbers,
  bigintNumber: numbers,
  bigint: bigints,
  numeric: decimals,
  numeric102: decimals,
  numeric4: decimals,
  numericTens: decimals,
  numericTiny: decimals,
  numericScale: decimals,
  numericNumber: numbers,
  numericNumber102: numbers,
  numericBigint: bigints,
  numericBigint20: bigints,
  real: numbers,
  double: numbers,
  boolean: fc.boolean(),
  bit1: bitTexts,
  bit3: bitTexts,
  uuid: uuidTexts,
  inet: networks,
  cidr: networks,
  macaddr: macTexts,
  macaddr8: macTexts,
  date: dates,
  dateString: dateTexts,
  time: timeTexts,
  time2: timeTexts,
  timetz: timeTexts,
  timetz0: timeTexts,
  timestamp: dates,
  timestamp0: dates,
  timestamptz: dates,
  timestamptz2: dates,
  timestampString: timestampTexts,
  timestampString3: timestampTexts,
  timestamptzString: timestampTexts,
  timestamptzString0: timestampTexts,
  interval: intervalTexts,
  interval3: intervalTexts,
  intervalYear: intervalTexts,
  intervalMonths: intervalTexts,
  intervalDay: intervalTexts,
  intervalHours: intervalTexts,
  intervalMinutes: intervalTexts,
  intervalSecond: intervalTexts,
  json: jsonValues,
  jsonb: jsonValues,
  point: fc.tuple(coordinates, coordinates),
  pointXy: xy,
  line: fc.tuple(coordinates, coordinates, coordinates),
  lineAbc: abc,
  texts: list(textAround(4)),
  varchars: list(mostly(fc.constantFrom('', 'a b', '"\\,{}', 'null'), textAround(5))),
  chars: list(mostly(fc.constantFrom('', 'a b', '"\\,{'), textAround(5))),
  moods: list(mostly(fc.constantFrom('glad', 'so so', 'q"uote', 'NULL', '{', ''), moods)),
  smallints: list(fineIntegers),
  integers: list(fineIntegers),
  matrix: matrix(fineIntegers),
  sizedMatrix: matrix(mostly(fc.constantFrom('', 'a', '"', 'null'), textAround(2))),
  cube: matrix(list(fc.boolean())),
  bigintNumbers: list(fineIntegers),
  bigints: list(bigints),
  numerics: list(mostly(fc.constantFrom('1.5', '-0', '12345678.90', 'NaN'), decimals)),
  numericNumbers: list(mostly(fc.double({ noNaN: true, noDefaultInfinity: true }), numbers)),
  numericBigints: list(bigints),
  reals: list(mostly(fc.constantFrom(0.1, 1.5, -0), numbers)),
  doubles: list(mostly(fc.double({ noNaN: true, noDefaultInfinity: true }), numbers)),
  booleans: list(fc.boolean()),
  bits: list(mostly(fc.constantFrom('101', '000'), bitTexts)),
  uuids: list(uuidTexts),
  inets: list(mostly(fc.constantFrom('10.1.2.3', '::1'), networks)),
  cidrs: list(mostly(fc.constantFrom('10.0.0.0/8', '::1'), networks)),
  macaddrs: list(macTexts),
  macaddrs8: list(macTexts),
  dates: list(mostly(fc.constantFrom(new Date('2026-01-31'), new Date('0001-01-01')), dates)),
  dateStrings: list(mostly(fc.constantFrom('2026-01-31', '0044-03-15 BC', 'infinity'), dateTexts)),
  times: list(mostly(fc.constantFrom('13:45', '24:00:00'), timeTexts)),
  timetzs: list(mostly(fc.constantFrom('13:45+02', '00:00:00Z'), timeTexts)),
  timestamps: list(
    mostly(fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), dates),
  ),
  timestamptzs: matrix(
    mostly(fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), dates),
  ),
  timestampStrings: list(mostly(fc.constantFrom('2026-01-31T13:45:00', '0044-03-15 00:00:00 BC'), timestampTexts)),
  timestamptzStrings: list(mostly(fc.constantFrom('2026-01-31T13:45:00Z', 'infinity'), timestampTexts)),
  intervals: list(mostly(fc.constantFrom('1 day', '-1 mons +2 days', 'PT1H'), intervalTexts)),
  jsons: list(mostly(fc.jsonValue(), jsonValues)),
  jsonbs: list(mostly(fc.jsonValue(), jsonValues)),
  jsonbMatrix: matrix(fc.jsonValue()),
  points: list(fc.tuple(fineIntegers, fineIntegers)),
  pointMatrix: matrix(fc.record({ x: fineIntegers, y: fineIntegers })),
  lines: list(fc.tuple(fineIntegers, fineIntegers, fineIntegers)),
  linesAbc: list(fc.record({ a: fineIntegers, b: fineIntegers, c: fineIntegers })),
};

function two(number: number): string {
  return String(number).padStart(2, '0');
}
