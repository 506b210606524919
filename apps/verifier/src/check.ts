/** What a check is: one guarantee about a database, and how to find out whether it holds. */
import type { HttpDatabase, Session, WebSocketDatabase } from '@todo/client';
import type { DatabaseDefinition } from '@todo/migrator';

import type { App } from './app-definition.ts';
import type { Evidence } from './evidence.ts';
import type { CatalogComparison } from './schema-comparison.ts';

export interface Check extends Page {
  /** `group/name`. Stable: people put it in `--only`, in CI and in allow-lists. */
  readonly id: string;
  /** What a finding weighs that does not say so itself. */
  readonly severity: Severity;
  readonly mode: Mode;
  /** Ids of checks without which this one can prove nothing: when one of them fails, this one does not run. */
  readonly needs?: readonly string[];
  /**
   * It mostly holds, and takes a few round trips to prove: those that need it and only read start beside it. Should it fail,
   * what they found is thrown away.
   */
  readonly isAssumed?: true;
  /** Started before those that are as ready: it waits more than it works, and the others fill that time. */
  readonly takesLong?: true;
  /** Runs once all others have ended. */
  readonly isLast?: true;
  readonly run: (context: Context) => Promise<Outcome>;
}

/** The words of a check, as `verify explain` prints them. */
export interface Page {
  /** The guarantee, in one line. */
  readonly title: string;
  /** How that is found out, in one line. */
  readonly method: string;
  /** What goes wrong, for whom, when it does not hold. A finding that knows better says so itself. */
  readonly why: string;
  /** What to do then: words, SQL or a command. A finding that knows better says so itself. */
  readonly remedy: string;
}

/** An error fails the run, a warning only where `--strict` says so, an info never. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * What a check does to the database.
 *
 * - `local`: looks at this machine only.
 * - `reads`: never writes.
 * - `rolls-back`: writes in a transaction that it rolls back, with ids of its own (a generated id would use up a value of
 *   the sequence for good).
 * - `commits`: commits, and removes in `finally` the rows that it committed.
 */
export type Mode = 'local' | 'reads' | 'rolls-back' | 'commits';

/** What a check works with. Nothing connects before it is used. */
export interface Context {
  readonly app: App;
  /** Of the application: the same as `app.database`. */
  readonly database: DatabaseDefinition;
  /** A number that this run alone has, from 0 to 2 147 483 647: what is committed is marked with it. */
  readonly run: number;
  /** The connection string as it was given. */
  readonly url: string;
  /** What clients connect to: the same, unless a gateway stands in front of the database or a clone in its place. */
  readonly clientUrl: string;
  /** Where the URL comes from: `--url`, `DATABASE_URL` or a local Neon. */
  readonly source: string;
  /** The branch that somebody means it to be: an id on Neon, elsewhere the database's name. */
  readonly expectBranch: string | undefined;
  readonly http: HttpDatabase;
  readonly websocket: WebSocketDatabase;
  /** Gives `work` a session to itself that cannot write. A setting that it changes it changes for a transaction only. */
  readonly read: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  /** The live catalog beside that of a freshly migrated database: read once, for all checks that ask. */
  readonly compareSchema: () => Promise<CatalogComparison>;
  /** The URL of that freshly migrated database, which is the run's own and on this machine. */
  readonly shadow: () => Promise<string>;
  /** Records what was done, for `--verbose`. */
  readonly step: (text: string) => void;
  /** Records what was seen, for reports that draw it. */
  readonly show: (evidence: Evidence) => void;
}

export type Outcome =
  | { readonly kind: 'pass'; readonly detail?: string }
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'not-applicable'; readonly reason: string };

/** One thing that is not as guaranteed. */
export interface Finding {
  readonly have: string;
  readonly want: string;
  /** What goes wrong, for whom. The check's own unless given. */
  readonly why?: string;
  /** SQL or a command to copy where there is one; lines apart. The check's own unless given. */
  readonly fix?: string;
  /** The check's own unless given. */
  readonly severity?: Severity;
  /** What it is about: where the code says it is found from this. */
  readonly about?: Subject;
  /** Where the code says it, when the check knows that itself. */
  readonly places?: readonly Place[];
  /**
   * Ids, or groups such as `schema/*`, of checks whose finding about the same table (or about no table) would explain this
   * one: then it is listed under that.
   */
  readonly follows?: readonly string[];
}

/** A part of the schema: a table (a view, a type), and one of its columns, indexes, constraints or sequences by name. */
export interface Subject {
  /** The PostgreSQL schema. Default: `public`. */
  readonly schema?: string;
  readonly table: string;
  readonly name?: string;
}

export interface Place {
  /** From the root of the checkout, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Passes when nothing was found. */
export function verdict(findings: readonly Finding[], detail?: string): Outcome {
  if (findings.length > 0) return { kind: 'findings', findings };
  return detail === undefined ? { kind: 'pass' } : { kind: 'pass', detail };
}

/** Ends a check from anywhere inside it: the guarantee does not hold. */
export class BrokenGuarantee extends Error {
  override readonly name = 'BrokenGuarantee';
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(`have ${finding.have}, want ${finding.want}`);
    this.finding = finding;
  }
}

/** Goes on only when `holds`. */
export function guarantee(holds: boolean, finding: Finding): asserts holds {
  if (!holds) throw new BrokenGuarantee(finding);
}
