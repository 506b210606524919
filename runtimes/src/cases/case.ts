/** What a runtime is asked, and what it answers. */

/** What a case works with. All of it is on this machine. */
export interface CaseContext {
  /** The database's connection string. */
  readonly url: string;
  /** The same database through a relay that can be cut. */
  readonly relayUrl: string;
  /** A connection string on whose port nothing listens. */
  readonly closedUrl: string;
  /** A `POST` to it cuts every connection of the relay. */
  readonly cutUrl: string;
}

/** Rejects when the runtime does not do what the case is named for. */
export type Case = (context: CaseContext) => Promise<void>;

/**
 * - `works`: the case passed.
 * - `refused`: a `DatabaseError`, after `ms` milliseconds.
 * - `failed`: any other error, or silence.
 */
export type Outcome =
  | { readonly result: 'works' }
  | { readonly result: 'refused'; readonly message: string; readonly ms: number }
  | { readonly result: 'failed'; readonly message: string };
