/** Draws sabotages for the objects of a database. */
import { Random } from '../random.ts';
import { CONSTRAINT_KINDS, INDEX_KINDS } from './key-kinds.ts';
import type { Live } from './live.ts';
import {
  CODE_KINDS,
  ENUM_KINDS,
  RECORD_KINDS,
  RIGHT_KINDS,
  SCHEMA_KINDS,
  SECURITY_KINDS,
  SEQUENCE_KINDS,
  VIEW_KINDS,
} from './object-kinds.ts';
import type { Kind, Sabotage } from './sabotage.ts';
import { COLUMN_KINDS, TABLE_KINDS } from './table-kinds.ts';

/** To add a kind of sabotage, add a line to one of these lists. */
export const KINDS: readonly Kind[] = [
  ...TABLE_KINDS,
  ...COLUMN_KINDS,
  ...INDEX_KINDS,
  ...CONSTRAINT_KINDS,
  ...SEQUENCE_KINDS,
  ...ENUM_KINDS,
  ...VIEW_KINDS,
  ...SECURITY_KINDS,
  ...RIGHT_KINDS,
  ...CODE_KINDS,
  ...SCHEMA_KINDS,
  ...RECORD_KINDS,
];

/** Returns up to `count` sabotages of different kinds. The same seed and the same database give the same sabotages. */
export function sabotagesOf(live: Live, seed: number, count: number): Sabotage[] {
  const random = new Random(seed);
  const drawn: Sabotage[] = [];
  for (const kind of random.shuffled(KINDS)) {
    if (drawn.length === count) break;
    const sabotage = kind(live, random);
    if (sabotage !== undefined) drawn.push(sabotage);
  }
  return drawn;
}
