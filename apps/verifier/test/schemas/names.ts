/** Names of tables, columns and their parts: ordinary names, names that need quotes, and names of maximal length. */
import type { Random } from './random.ts';

/** Names of tables, enums, views and sequences. */
export const NOUNS = split(`
  account address agent article asset badge batch booking branch budget channel city claim client comment contract country
  course customer device document draft driver event feature file folder grade guest history image invoice item job ledger
  lesson license listing location log market member message meter module note offer option page parcel partner payment person
  photo plan player policy post price product profile project quota region release report request reservation review room
  route sample season section sensor session shift shop site skill source stage status stock store student subject survey tag
  task team template theme ticket token topic track trip unit upload vendor version ward widget zone`);

/** Names of columns. */
export const ATTRIBUTES = split(`
  abstract alias amount area attempts balance bio birthday body brand caption capacity category cell code color comments cost
  count credit currency degree delay depth description detail digest discount distance due email ends factor fee flags gender
  hash height hint icon kind label language latitude level limits link locale longitude mail mark memo mode motto nickname
  notes origin owner password path phase phone picture position postcode priority progress quantity rank rating reason score
  secret share size slug speed starts state street subtitle summary surname tax title tone total url usage value visits volume
  weight width`);

function split(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Names that need quotes, or that have another meaning in unquoted SQL. */
export const ODD_NAMES = [
  'order item',
  'UserAccount',
  'select',
  'group',
  'user',
  'order',
  'größe',
  '名前',
  'emoji 🙂',
  `o'clock`,
  'a.b',
  'public.thing',
  '2fa',
  'my-table',
  'key:value',
  '100%',
  '$1',
  'cash$',
  'back\\slash',
  ' led by a space',
  'ends in a space ',
  '(bracketed)',
  'either/or',
  'why?',
  'null',
  '`tick`',
  '[index]',
  'A',
] as const;

/** The maximal length of a name in bytes (NAMEDATALEN - 1). */
export const NAME_BYTES_MAX = 63;

export const bytesOf = (name: string): number => Buffer.byteLength(name);

/** Returns each name only once: tables, indexes, types and sequences of a database share one namespace. */
export class Names {
  readonly #random: Random;
  readonly #words: readonly string[];
  readonly #oddness: number;
  readonly #taken = new Set<string>();

  /** `oddness` is the share of names that need quotes or are 63 bytes long. */
  constructor(random: Random, words: readonly string[], oddness: number) {
    this.#random = random;
    this.#words = words;
    this.#oddness = oddness;
  }

  /** Returns a name of a table, a column and the like. Default: made of any word. */
  take(word = this.#random.pick(this.#words) ?? 'thing'): Name {
    const key = this.#free(word);
    return { key: camel(key), name: this.#claim(this.#random.chance(this.#oddness) ? this.#odd(key) : key) };
  }

  /**
   * Returns a name for a constraint or index that could have Drizzle's derived name. A name is returned if PostgreSQL would truncate the
   * derived one, if the derived one is taken, and sometimes at random.
   */
  unlessDerived(derived: string): { name?: string } {
    const isGiven = this.#random.chance(0.4) || this.#taken.has(derived) || bytesOf(derived) > NAME_BYTES_MAX;
    if (isGiven) return { name: this.about(derived) };
    this.#taken.add(derived);
    return {};
  }

  /** Returns a name of a constraint, an index or a policy. `base` says what the object is about. */
  about(base: string): string {
    const plain = this.#free(cut(base, NAME_BYTES_MAX - 4).trim() || 'named');
    return this.#claim(this.#random.chance(this.#oddness / 2) ? this.#odd(plain) : plain);
  }

  /** Returns the first free name of `base`, `base_2`, … */
  #free(base: string): string {
    let name = base;
    for (let count = 2; this.#taken.has(name); count += 1) name = `${base}_${count}`;
    this.#taken.add(name);
    return name;
  }

  #claim(name: string): string {
    this.#taken.add(name);
    return name;
  }

  #odd(plain: string): string {
    if (this.#random.chance(0.2)) return this.#long(plain);
    const odd = this.#random.pick(ODD_NAMES);
    return this.#taken.has(odd) ? cut(`${odd} of ${plain}`, NAME_BYTES_MAX) : odd;
  }

  #long(plain: string): string {
    const filler = this.#random.chance(0.3) ? '_größer' : '_of_the_long_named';
    return cut(`${plain}${filler.repeat(9)}`, NAME_BYTES_MAX);
  }
}

export interface Name {
  /** The name in the code. */
  readonly key: string;
  /** The name in the database. */
  readonly name: string;
}

/** Truncates a name as PostgreSQL does: never within a character. */
export function cut(name: string, bytes: number): string {
  let result = '';
  for (const character of name) {
    if (bytesOf(result + character) > bytes) break;
    result += character;
  }
  return result;
}

function camel(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
