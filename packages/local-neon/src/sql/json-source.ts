/** Reads JSON with its source: `JSON.parse` rounds integers above 2^53 and reorders integer-like keys. */
import { closingQuote } from './quoted-text.ts';

export type JsonNode =
  | { readonly kind: 'null' }
  | { readonly kind: 'string'; readonly text: string }
  /** `text` is the source without the white space between its tokens. */
  | { readonly kind: 'number' | 'boolean' | 'object'; readonly text: string }
  | { readonly kind: 'array'; readonly text: string; readonly items: readonly JsonNode[] };

/** Any token but a string. */
const TOKEN = /[{}[\]:,]|[^\s{}[\]:,"]+/y;
const SPACE = /\s*/y;

/** Neon's own limit. Each level copies the text of the levels below it once more. */
const DEPTH_MAX = 128;

/** Reads an object that `JSON.parse` accepts. Throws `RangeError` over 128 levels, and for a lone surrogate. */
export function readMembers(source: string): Map<string, JsonNode> {
  const tokens = tokenize(source);
  const members = new Map<string, JsonNode>();
  tokens.take();
  while (tokens.peek() !== '}') {
    const name = JSON.parse(tokens.take()) as string;
    tokens.take();
    members.set(name, readNode(tokens, 1));
    if (tokens.peek() === ',') tokens.take();
  }
  return members;
}

interface Tokens {
  peek(): string;
  take(): string;
}

function tokenize(source: string): Tokens {
  let position = 0;
  const next = (): string => {
    SPACE.lastIndex = position;
    SPACE.test(source);
    const start = SPACE.lastIndex;
    if (source[start] === '"') position = closingQuote(source, start) + 1;
    else {
      TOKEN.lastIndex = start;
      TOKEN.test(source);
      position = TOKEN.lastIndex;
    }
    return source.slice(start, position);
  };
  let current = next();
  return {
    peek: () => current,
    take: () => {
      const taken = current;
      current = next();
      return taken;
    },
  };
}

function readNode(tokens: Tokens, depth: number): JsonNode {
  if (depth > DEPTH_MAX) throw new RangeError(`values are nested deeper than ${DEPTH_MAX} levels`);
  const token = tokens.peek();
  if (token === '[') return readArray(tokens, depth);
  if (token === '{') return { kind: 'object', text: readObjectText(tokens, depth) };
  tokens.take();
  if (token.startsWith('"')) return { kind: 'string', text: readText(token) };
  if (token === 'null') return { kind: 'null' };
  return { kind: token === 'true' || token === 'false' ? 'boolean' : 'number', text: token };
}

/** Refuses a lone surrogate: UTF-8 cannot hold one, so PostgreSQL would receive U+FFFD. */
function readText(token: string): string {
  const text = JSON.parse(token) as string;
  if (!text.isWellFormed()) throw new RangeError('a string contains a lone surrogate');
  return text;
}

function readArray(tokens: Tokens, depth: number): JsonNode {
  const items: JsonNode[] = [];
  tokens.take();
  while (tokens.peek() !== ']') {
    items.push(readNode(tokens, depth + 1));
    if (tokens.peek() === ',') tokens.take();
  }
  tokens.take();
  return { kind: 'array', text: `[${items.map(toJson).join(',')}]`, items };
}

function readObjectText(tokens: Tokens, depth: number): string {
  const members: string[] = [];
  tokens.take();
  while (tokens.peek() !== '}') {
    const name = tokens.take();
    tokens.take();
    members.push(`${name}:${toJson(readNode(tokens, depth + 1))}`);
    if (tokens.peek() === ',') tokens.take();
  }
  tokens.take();
  return `{${members.join(',')}}`;
}

/** The node as compact JSON. */
export function toJson(node: JsonNode): string {
  switch (node.kind) {
    case 'null':
      return 'null';
    case 'string':
      return JSON.stringify(node.text);
    default:
      return node.text;
  }
}
