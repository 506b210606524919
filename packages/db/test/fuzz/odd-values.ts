/** Odd values of each type, as in a request, a missing field or a mistyped variable. */

/** A source of odd values. The same seed gives the same values. */
export interface Odd {
  readonly pick: <T>(values: readonly T[]) => T;
  readonly number: () => number;
  readonly text: () => string;
  /** A value of any type, or undefined. */
  readonly any: () => unknown;
  /** A key of an object: a known key, or a name that every object has. */
  readonly key: (known: readonly string[]) => string;
  /** An object with some known keys, unknown keys and odd values; or another value instead. */
  readonly record: (known: readonly string[]) => unknown;
  readonly list: () => unknown;
}

export function oddValues(seed: number): Odd {
  const random = mulberry32(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)]!;
  const number = () => pick(NUMBERS);
  const text = () => pick(TEXTS);
  const any = () => pick([number, text, () => pick(OTHERS)])();
  const key = (known: readonly string[]) => pick([() => pick(known), () => pick(PROTOTYPE_NAMES), text])();
  const record = (known: readonly string[]): unknown => {
    if (below(6) === 0) return any();
    const entries = Array.from({ length: below(4) }, () => [below(5) === 0 ? key(known) : pick(known), any()] as const);
    // Not by assignment, so that `__proto__` is an ordinary key.
    return Object.fromEntries(entries);
  };
  const list = () => (below(3) === 0 ? any() : Array.from({ length: below(4) }, any));
  return { pick, number, text, any, key, record, list };
}

/** https://github.com/cprosche/mulberry32 */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NUMBERS = [
  [0, -0, 1, 2, 3, -1, 0.5, 1.5, -1.5, 1e-7, 1e21, 1000, 1001],
  [
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    -(2 ** 31) - 1,
    2 ** 32,
    2 ** 53,
    2 ** 53 + 2,
    -(2 ** 53),
    2 ** 63,
    99_999_999_999,
  ],
  [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MAX_VALUE, Number.MIN_VALUE],
].flat();

const PROTOTYPE_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'toJSON',
  'then',
  'length',
];

const TEXTS = [
  PROTOTYPE_NAMES,
  ['', ' ', '\n', '\0', 'a\0b', '\ud83d', '\udca5', 'a\ud83d', '\ufeff', '\u202e', '💥', 'é', 'e\u0301'],
  ['null', 'undefined', 'NaN', '0', '-0', '1', '1e3', '2147483648', 'true', '[object Object]', '{}', '[]', '""'],
  [`'`, `"`, `''; drop table todo; --`, '$1', '$$', '\\', '%', '%00', '../..', '/', '/dev/null', ':', '@', '#'],
  [
    'a@b',
    'ada@example.com',
    ' Ada@Example.com ',
    '@',
    'a@',
    '@b',
    'ü.'.repeat(50_000),
    `${'x'.repeat(100_000)}@example.com`,
  ],
  ['x'.repeat(255), 'x'.repeat(256), '💥'.repeat(255), 'x'.repeat(1_000_000), '\u0301'.repeat(10_000)],
  ['newest', 'oldest', 'NEWEST', 'serializable', 'read committed', 'WyJ0b2RvIiwibmV3ZXN0IiwiMSIsIjEiXQ', 'bm9uc2Vuc2U'],
  [
    'infinity',
    '-infinity',
    'now',
    'epoch',
    '2026-02-30',
    '0000-00-00',
    '2026-01-05T09:00:00Z',
    'postgres',
    'postgresql://',
  ],
  ['postgresql://u:p@/db', 'postgresql://u:p@h', 'postgresql://[/x', 'postgresql://u:%ff@h/db', 'http://localhost'],
].flat();

const circular: Record<string, unknown> = {};
circular['self'] = circular;

const OTHERS: readonly unknown[] = [
  [null, undefined, true, false, 0n, 2n ** 64n, Symbol('odd'), Symbol.iterator],
  [
    {},
    [],
    [[]],
    [null],
    Object.create(null),
    Object.freeze({ id: 1 }),
    circular,
    JSON.parse('{"then":1}'),
    { length: -1 },
  ],
  [{ toString: () => 'newest' }, { valueOf: () => 1 }, { toJSON: () => undefined }, { [Symbol.iterator]: 1 }],
  [() => 1, Map, new Date(Number.NaN), new Date(8.64e15), new Date(-8.64e15), /odd/g, new Map(), new Set([1])],
  [
    new Error('odd'),
    Promise.resolve(1),
    new Uint8Array(3),
    new Float64Array(1),
    new URL('http://localhost'),
    Object(1),
  ],
  [Object('newest'), JSON.parse('{"__proto__": {"email": "a@b"}}'), new Proxy({}, {})],
].flat();
