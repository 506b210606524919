/** One way in which a database can differ from its code. */
import type { Random } from '../random.ts';
import type { Live } from './live.ts';

export interface Sabotage {
  /** The change and its object. */
  readonly title: string;
  /** Statements that run one after the other in one session. */
  readonly sql: readonly string[];
  readonly as: 'owner' | 'superuser';
  /** The check that must find the sabotage. If there are several, one of them must. */
  readonly expected: readonly string[];
}

/** Draws a sabotage of one kind. Returns undefined if the database has no suitable object. */
export type Kind = (live: Live, random: Random) => Sabotage | undefined;

export function byOwner(title: string, sql: string | readonly string[], ...expected: readonly string[]): Sabotage {
  return { title, sql: [sql].flat(), as: 'owner', expected };
}

export function bySuperuser(title: string, sql: string | readonly string[], ...expected: readonly string[]): Sabotage {
  return { title, sql: [sql].flat(), as: 'superuser', expected };
}

/** A quoted name that no schema uses. */
export const STRANGER = 'saboteur';
