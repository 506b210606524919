/**
 * Creates texts that match a LIKE pattern or a regular expression. The dialect is PostgreSQL's (POSIX classes, \m and \y, embedded
 * options), which JavaScript parsers do not support: https://www.postgresql.org/docs/current/functions-matching.html
 */

/** Returns two texts that match a LIKE pattern: `_` becomes a letter, `%` nothing or a letter. */
export function likeTexts(pattern: string): string[] {
  const replaceWildcards = (manyText: string): string =>
    pattern.replaceAll(/\\(.)|%|_/gs, (part, escaped?: string) => escaped ?? (part === '%' ? manyText : 'a'));
  return [replaceWildcards(''), replaceWildcards('a')];
}

/** Returns `count` texts for a regular expression, a short one first. Returns none if the expression cannot be parsed. */
export function regexTexts(pattern: string, count: number, seed: number): string[] {
  const tree = parseRegex(pattern);
  if (tree === undefined) return [];
  const random = numbersFrom(seed);
  return Array.from({ length: count }, (_, index) => textOf(tree, index === 0 ? () => 0 : random));
}

type Node =
  | { readonly kind: 'either'; readonly branches: readonly Node[] }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'character'; readonly characters: string }
  | { readonly kind: 'repeat'; readonly part: Node; readonly min: number; readonly max: number };

/** The maximal number of repetitions above the minimum of a quantifier. */
const REPETITIONS_MAX = 6;

/** Returns a text that matches. @param pick chooses a branch, a character or a number of repetitions: from 0, below its argument. */
function textOf(node: Node, pick: (below: number) => number): string {
  switch (node.kind) {
    case 'either': {
      const branch = node.branches[pick(node.branches.length)];
      return branch === undefined ? '' : textOf(branch, pick);
    }
    case 'sequence':
      return node.parts.map((part) => textOf(part, pick)).join('');
    case 'character':
      return node.characters.charAt(pick(node.characters.length));
    case 'repeat': {
      const times = node.min + pick(Math.min(node.max - node.min, REPETITIONS_MAX) + 1);
      return Array.from({ length: times }, () => textOf(node.part, pick)).join('');
    }
    default:
      return node satisfies never;
  }
}

/** Returns the same numbers for the same seed: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed % 2 ** 31;
  return (below) => {
    state = (state * 48_271 + 1) % 2_147_483_647;
    return below <= 1 ? 0 : Math.floor((state / 2_147_483_647) * below);
  };
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
/** The characters of a class, the most usual first. */
const ALL = `${LOWER}${DIGITS}${UPPER} _-.,:;/@#+*!?&%$()[]{}<>=~^|'"\\\``;

const CLASSES: Readonly<Record<string, string>> = {
  alpha: LOWER + UPPER,
  lower: LOWER,
  upper: UPPER,
  digit: DIGITS,
  alnum: LOWER + DIGITS + UPPER,
  xdigit: `${DIGITS}abcdefABCDEF`,
  space: ' ',
  blank: ' ',
  punct: '-_.,:;/',
  print: ALL,
  graph: ALL.replace(' ', ''),
  word: `${LOWER}${DIGITS}${UPPER}_`,
};

const charactersExcept = (excluded: string): string =>
  ALL.replaceAll(/./g, (character) => (excluded.includes(character) ? '' : character));

/** By the letter after a backslash, the characters that the escape matches. */
const ESCAPES: Readonly<Record<string, string>> = {
  d: DIGITS,
  w: `${LOWER}${DIGITS}${UPPER}_`,
  s: ' ',
  D: charactersExcept(DIGITS),
  W: charactersExcept(`${LOWER}${DIGITS}${UPPER}_`),
  S: charactersExcept(' '),
  n: '\n',
  t: '\t',
  r: '\r',
};

const NOTHING: Node = { kind: 'sequence', parts: [] };

/** Parses the whole pattern. Undefined if a part is not understood. */
function parseRegex(pattern: string): Node | undefined {
  // Removes a prefix `***:` or `***=`, and options such as `(?i)`.
  const text = pattern.replace(/^(?:\*{3}[:=])?(?:\(\?[a-z]+\))?/, '');
  const reader = { text, position: 0 };
  const tree = parseAlternation(reader);
  return reader.position === text.length ? tree : undefined;
}

interface Reader {
  readonly text: string;
  /** The index of the next character. */
  position: number;
}

const peek = ({ text, position }: Reader): string => text.charAt(position);

/** Moves behind a match of the expression at the current position. Null if the text there does not match. */
function takeMatch(reader: Reader, expression: RegExp): RegExpExecArray | null {
  // The flag `y` matches only at `lastIndex`.
  const sticky = new RegExp(expression.source, 'ys');
  sticky.lastIndex = reader.position;
  const match = sticky.exec(reader.text);
  reader.position += match?.[0].length ?? 0;
  return match;
}

function parseAlternation(reader: Reader): Node {
  const branches = [parseSequence(reader)];
  while (takeMatch(reader, /\|/)) branches.push(parseSequence(reader));
  return { kind: 'either', branches };
}

function parseSequence(reader: Reader): Node {
  const parts: Node[] = [];
  while (reader.position < reader.text.length && peek(reader) !== '|' && peek(reader) !== ')') {
    parts.push(parseQuantifier(reader, parseAtom(reader)));
  }
  return { kind: 'sequence', parts };
}

/** Parses `*`, `+`, `?` or `{2,5}` after a part, if there is one. */
function parseQuantifier(reader: Reader, part: Node): Node {
  const match = takeMatch(reader, /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/);
  if (match === null) return part;
  const [, sign, least, comma, most] = match;
  if (sign !== undefined) return { kind: 'repeat', part, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity };
  const min = Number(least);
  const max = comma === '' ? min : most === '' ? Infinity : Number(most);
  return { kind: 'repeat', part, min, max };
}

function parseAtom(reader: Reader): Node {
  // Lookaround adds no text: PostgreSQL decides whether the result matches.
  const group = takeMatch(reader, /\((\?(?::|<?[=!]))?/);
  if (group !== null) {
    const inner = parseAlternation(reader);
    takeMatch(reader, /\)/);
    return group[1] === undefined || group[1] === '?:' ? inner : NOTHING;
  }
  if (takeMatch(reader, /[\^$]|\\[mMyYAZ]/)) return NOTHING;
  if (takeMatch(reader, /\./)) return { kind: 'character', characters: ALL };
  if (peek(reader) === '[') return { kind: 'character', characters: parseBracket(reader) };
  return { kind: 'character', characters: parseCharacter(reader) };
}

/** Parses one character, or the characters of an escape. */
function parseCharacter(reader: Reader): string {
  const [, escape, plain = ''] = takeMatch(reader, /\\(.)|(.)/) ?? [];
  return escape === undefined ? plain : (ESCAPES[escape] ?? escape);
}

/** Parses a set such as `[a-z_]`, and returns its characters. A `]` at the beginning is part of the set. */
function parseBracket(reader: Reader): string {
  const isNegated = takeMatch(reader, /\[(\^?)/)?.[1] === '^';
  let characters = takeMatch(reader, /\]/) ? ']' : '';
  while (reader.position < reader.text.length && !takeMatch(reader, /\]/)) {
    const named = takeMatch(reader, /\[:(\w+):\]/)?.[1];
    const range = named === undefined ? takeMatch(reader, /([^\\\]])-([^\\\]])/) : null;
    if (named !== undefined) characters += CLASSES[named] ?? '';
    else if (range !== null) characters += charactersBetween(range[1] ?? '', range[2] ?? '');
    else characters += parseCharacter(reader);
  }
  return isNegated ? charactersExcept(characters) : characters;
}

function charactersBetween(first: string, last: string): string {
  const [start, end] = [first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0];
  const length = Math.min(Math.max(end - start + 1, 0), 256);
  return String.fromCodePoint(...Array.from({ length }, (_, index) => start + index));
}
