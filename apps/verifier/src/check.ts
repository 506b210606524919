/** A check: one guarantee about a database, and a function that finds violations. */
import type { HttpDatabase, Session, WebSocketDatabase } from '@todo/client';
import type { DatabaseDefinition } from '@todo/migrator';

import type { Evidence } from './evidence.ts';
import type { CatalogComparison } from './schema-comparison.ts';

export interface Check extends CheckTexts {
  /** `group/name`. Never changes: users put ids in `--only`, in CI and in allow-lists. */
  readonly id: string;
  /** The default severity of findings. Default: `error`. */
  readonly severity?: Severity;
  readonly mode: Mode;
  /** Ids of checks without which this one does not run: all must pass. Default: `connect/websocket`; none for a `local` check. */
  readonly needs?: readonly string[];
  /**
   * For a check that usually passes, but takes several round trips. Checks that need it and only read do not wait for its result. If
   * it fails, their results are discarded.
   */
  readonly dependentsStartEarly?: true;
  /** Starts before other checks: it mostly waits, and the others run in that time. */
  readonly takesLong?: true;
  /** Runs after all other checks. */
  readonly isLast?: true;
  readonly run: (context: Context) => Promise<Outcome>;
}

export function severityOf({ severity = 'error' }: Pick<Check, 'severity'>): Severity {
  return severity;
}

/** The ids of the checks that must pass before this check runs, with the default filled in. */
export function needsOf({ mode, needs = mode === 'local' ? [] : ['connect/websocket'] }: Check): readonly string[] {
  return needs;
}

/** The texts that describe a check. `verify explain` prints them. */
export interface CheckTexts {
  /** The guarantee, in one line. */
  readonly title: string;
  /** How the guarantee is tested, in one line. */
  readonly method: string;
  /** The consequence when the guarantee does not hold. Default of a finding's `why`. */
  readonly why: string;
  /** The remedy: text, SQL or a command. Default of a finding's `fix`. */
  readonly remedy: string;
}

/** An error fails the run, a warning only with `--strict`, an info never. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * How a check uses the database.
 *
 * - `local`: reads this machine only.
 * - `reads`: never writes.
 * - `rolls-back`: writes in a transaction that is rolled back. It sets ids itself, because a rollback does not return the
 *   values of a sequence.
 * - `commits`: commits, and removes the committed rows in `finally`.
 */
export type Mode = 'local' | 'reads' | 'rolls-back' | 'commits';

/** What a check can use: clients, which connect at their first use, and information about the run. */
export interface Context {
  readonly database: DatabaseDefinition;
  /** The number of this run, from 0 to 2 147 483 647. Committed rows contain it. */
  readonly run: number;
  /** The connection string as it was given. */
  readonly url: string;
  /** The URL for clients: the same, or that of a gateway or a clone. */
  readonly clientUrl: string;
  /** Origin of the URL: `--url`, `DATABASE_URL` or a local Neon. */
  readonly source: string;
  /** The value of `--expect-branch`: a branch id on Neon, elsewhere the name of the database. */
  readonly expectBranch: string | undefined;
  readonly http: HttpDatabase;
  readonly websocket: WebSocketDatabase;
  /** Runs `work` with a read-only session that no other check uses at the same time. `work` may change settings with SET LOCAL only. */
  readonly read: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  /** Compares the live catalog with that of a freshly migrated database. Read once per run. */
  readonly compareSchema: () => Promise<CatalogComparison>;
  /** The URL of the freshly migrated database, a temporary one on this machine. */
  readonly shadow: () => Promise<string>;
  /** A finding for each row that the application's checks committed in this run and did not remove. Undefined if they commit none. */
  readonly findRemainingRows: ((session: Session) => Promise<Finding[]>) | undefined;
  /** Records a step, for `--verbose`. */
  readonly step: (text: string) => void;
  /** Records evidence, for reports that show it. */
  readonly show: (evidence: Evidence) => void;
}

export type Outcome =
  | { readonly kind: 'pass'; readonly detail?: string }
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'not-applicable'; readonly reason: string };

/** One violation of a guarantee. */
export interface Finding {
  readonly have: string;
  readonly want: string;
  /** The consequence. Default: the `why` of the check. */
  readonly why?: string;
  /** The remedy: text, SQL or a command. Default: the remedy of the check. */
  readonly fix?: string;
  /** Default: the severity of the check. */
  readonly severity?: Severity;
  /** The part of the schema that the finding is about. Reports derive the line in the code from it. */
  readonly about?: Subject;
  /** The lines in the code, if the check knows them. */
  readonly places?: readonly Place[];
  /** Ids of checks, or groups such as `schema/*`. Reports list this finding under theirs about the same table, or about no table. */
  readonly follows?: readonly string[];
}

/** A table, view or type, and the name of one of its columns, indexes, constraints or sequences. */
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

/** Removes `false` from a list of findings, so that the list can contain `condition && finding`. */
export function onlyFindings(candidates: readonly (Finding | false)[]): Finding[] {
  return candidates.filter((candidate) => candidate !== false);
}

/** The outcome of a check: a pass if there are no findings, else the findings. */
export function verdict(findings: readonly Finding[], detail?: string): Outcome {
  if (findings.length > 0) return { kind: 'findings', findings };
  return detail === undefined ? { kind: 'pass' } : { kind: 'pass', detail };
}

/** Thrown to end a check with one finding. */
export class BrokenGuarantee extends Error {
  override readonly name = 'BrokenGuarantee';
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(`have ${finding.have}, want ${finding.want}`);
    this.finding = finding;
  }
}

/** Thrown to end a check that cannot run. */
export class SkippedCheck extends Error {
  override readonly name = 'SkippedCheck';
}

/** Ends the check with the finding unless `holds`. */
export function guarantee(holds: boolean, finding: Finding): asserts holds {
  if (!holds) throw new BrokenGuarantee(finding);
}
