/** One way in which a database can come to differ from its code. */
import type { Random } from '../random.ts';
import type { Live } from './live.ts';

export interface Sabotage {
  /** What is done, to which object. */
  readonly title: string;
  /** Run one after the other, in one session. */
  readonly sql: readonly string[];
  readonly as: 'owner' | 'superuser';
  /** The check that must find it, or several of which one must. */
  readonly expected: readonly string[];
}

/** Draws one of its kind, where the database has an object of the sort. */
export type Kind = (live: Live, random: Random) => Sabotage | undefined;

export function byOwner(title: string, sql: string | readonly string[], ...expected: readonly string[]): Sabotage {
  return { title, sql: [sql].flat(), as: 'owner', expected };
}

export function bySuperuser(title: string, sql: string | readonly string[], ...expected: readonly string[]): Sabotage {
  return { title, sql: [sql].flat(), as: 'superuser', expected };
}

/** Quoted, of a kind that no schema has. */
export const STRANGER = 'saboteur';
