/** What a check is: one guarantee about a database, and how to find out whether it holds. */
import type { HttpDatabase, Session, WebSocketDatabase } from '@todo/db';

import type { OwnRows } from './own-rows.ts';
import type { CatalogComparison } from './schema-comparison.ts';

export interface Check {
  /** `group/name`. Stable: people put it in `--only`, in CI and in allow-lists. */
  readonly id: string;
  /** The guarantee, in plain words. */
  readonly title: string;
  /** Whether a finding fails the run. A finding that weighs less, or more, says so itself. */
  readonly severity: Severity;
  readonly mode: Mode;
  /** Ids of checks without which this one can prove nothing: when one of them fails, this one does not run. */
  readonly needs?: readonly string[];
  readonly run: (context: Context) => Promise<Outcome>;
}

export type Severity = 'error' | 'warning';

/**
 * What a check does to the database.
 *
 * - `local`: looks at this machine only.
 * - `reads`: never writes.
 * - `rolls-back`: writes in a transaction that it rolls back, with ids of its own (a generated id would use up a value of
 *   the sequence for good).
 * - `commits`: commits rows under an address that `context.rows` gives, and removes them in `finally`.
 */
export type Mode = 'local' | 'reads' | 'rolls-back' | 'commits';

/** What a check works with. Nothing connects before it is used. */
export interface Context {
  readonly url: string;
  /** Where the URL comes from: `--url`, `DATABASE_URL` or a local Neon. */
  readonly source: string;
  readonly http: HttpDatabase;
  readonly websocket: WebSocketDatabase;
  readonly rows: OwnRows;
  /** A session of this check's own that cannot write, closed afterwards. */
  readonly read: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  /** The live catalog beside that of a freshly migrated database: read once, for all checks that ask. */
  readonly compareSchema: () => Promise<CatalogComparison>;
  /** Records what was done, for `--verbose`. */
  readonly step: (text: string) => void;
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
  /** What goes wrong, for whom. */
  readonly why: string;
  /** SQL or a command to copy where there is one; lines apart. */
  readonly fix: string;
  /** The check's own unless given. */
  readonly severity?: Severity;
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
