/** An SQL statement of a reconciliation, and its position among others. */

export interface Statement {
  /** Has no semicolon. */
  readonly sql: string;
  /** The table or column whose data the statement deletes or rounds. */
  readonly losesData?: { readonly schema: string; readonly table: string; readonly column?: string };
  /** The statement cannot run inside a transaction. */
  readonly isConcurrent: boolean;
}

/** The phases run in this order. */
export const PHASES = [
  /** Drop policies, triggers, rules and foreign keys. */
  'unlink',
  /** Drop views that are recreated, and functions that depend on them. */
  'drop dependents',
  /** Drop constraints and indexes. */
  'drop keys',
  'drop functions',
  'rename',
  'schemas',
  'sequences',
  /** Create or change types, functions, tables and views, each after its dependencies. */
  'create',
  'index',
  /** Add and validate foreign keys; set owners and values of sequences; create publications. */
  'links',
  /** Create rules, triggers and policies; set row security. */
  'policies and triggers',
  /** Set owners, privileges, storage parameters and comments. */
  'properties',
  /** Drop extra columns and objects, each before its dependencies. */
  'drop extra',
  'drop extra schemas',
] as const;

export type Phase = (typeof PHASES)[number];

export interface Step extends Statement {
  readonly phase: Phase;
  /** The object that the step changes, with the same name as in `needs` of a fact: `table app.event`. */
  readonly object?: string;
  /** The position among the steps of one object. Default 0. */
  readonly rank?: number;
}

export interface StepDetails extends Partial<Omit<Step, 'sql' | 'phase'>> {}

export function step(phase: Phase, sql: string, details: StepDetails = {}): Step {
  return { sql, isConcurrent: false, ...details, phase };
}
