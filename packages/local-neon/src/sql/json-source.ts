/** Parses JSON and keeps its source text: `JSON.parse` rounds integers above 2^53 and reorders integer-like keys. */
import { closingQuote } from './quoted-text.ts';

export type JsonNode =
  | { readonly kind: 'string'; readonly text: string }
  /** `text` is the source without the white space between its tokens. */
  | { readonly kind: 'null' | 'number' | 'boolean' | 'object'; readonly text: string }
  | { readonly kind: 'array'; readonly text: string; readonly items: readonly JsonNode[] };

/** Any token but a string. */
const TOKEN = /[{}[\]:,]|[^\s{}[\]:,"]+/y;
const SPACE = /\s*/y;

/** Neon's own limit. Each level copies the text of the levels below it once more. */
const DEPTH_MAX = 128;

/** Reads an object that `JSON.parse` accepts. Throws `RangeError` over 128 levels, and for a lone surrogate. */
export function readMembers(source: string): Map<string, JsonNode> {
  const members = readObject(tokenize(source), 0);
  return new Map(members.map(([name, node]) => [JSON.parse(name) as string, node]));
}

interface Tokens {
  peek(): string;
  take(): string;
}

/** Returns a reader of the tokens of a JSON text. */
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
  if (token === '[') {
    const items = readItems(tokens, ']', () => readNode(tokens, depth + 1));
    return { kind: 'array', text: `[${items.map(toJson).join(',')}]`, items };
  }
  if (token === '{') {
    const members = readObject(tokens, depth).map(([name, node]) => `${name}:${toJson(node)}`);
    return { kind: 'object', text: `{${members.join(',')}}` };
  }
  tokens.take();
  if (token.startsWith('"')) return { kind: 'string', text: readText(token) };
  if (token === 'null') return { kind: 'null', text: token };
  return { kind: token === 'true' || token === 'false' ? 'boolean' : 'number', text: token };
}

/** The text of a string. Refuses a lone surrogate: UTF-8 cannot encode it, so PostgreSQL would receive U+FFFD. */
function readText(token: string): string {
  const text = JSON.parse(token) as string;
  if (!text.isWellFormed()) throw new RangeError('a string contains a lone surrogate');
  return text;
}

/** The members in their order. A name is its token. */
function readObject(tokens: Tokens, depth: number): [name: string, node: JsonNode][] {
  return readItems(tokens, '}', () => {
    const name = tokens.take();
    tokens.take();
    return [name, readNode(tokens, depth + 1)];
  });
}

/** Reads the items between two brackets. The commas are right, because `JSON.parse` has accepted the text. */
function readItems<T>(tokens: Tokens, closing: string, readItem: () => T): T[] {
  const items: T[] = [];
  tokens.take();
  while (tokens.peek() !== closing) {
    items.push(readItem());
    if (tokens.peek() === ',') tokens.take();
  }
  tokens.take();
  return items;
}

/** The node as compact JSON. */
function toJson({ kind, text }: JsonNode): string {
  return kind === 'string' ? JSON.stringify(text) : text;
}
