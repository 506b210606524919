/** SQL that makes a difference go away, and where it has its place among others. */

export interface Statement {
  /** Without a semicolon. */
  readonly sql: string;
  /** What it deletes, or changes beyond recovery, where there are rows. */
  readonly losesData?: { readonly schema: string; readonly table: string; readonly column?: string };
  /** It cannot run inside a transaction. */
  readonly isConcurrent: boolean;
}

/** In the order in which they run. */
export const PHASES = [
  /** Policies, triggers, rules and foreign keys go. */
  'release',
  /** Views that are made anew, and functions that need them. */
  'drop views',
  /** Constraints and indexes go. */
  'drop keys',
  'drop functions',
  'rename',
  'schemas',
  'sequences',
  /** Types, functions, tables and views are made or changed, each after what it needs. */
  'make',
  'index',
  'connect',
  /** Rules, triggers, policies and row security. */
  'act',
  'describe',
  /** Columns and objects that nobody wants, each before what it needed. */
  'remove',
  'remove schemas',
] as const;

export type Phase = (typeof PHASES)[number];

export interface Step extends Statement {
  readonly phase: Phase;
  /** The object that it is about, as `needs` of a fact names it: `table app.event`. */
  readonly object?: string;
  /** Among the steps of one object. Default 0. */
  readonly rank?: number;
}

export interface StepDetails extends Partial<Omit<Step, 'sql' | 'phase'>> {}

export function step(phase: Phase, sql: string, details: StepDetails = {}): Step {
  return { sql, isConcurrent: false, ...details, phase };
}
