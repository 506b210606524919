/** A case that a runtime runs, and its outcome. */

/** The addresses that a case uses. All are on this machine. */
export interface CaseContext {
  /** The database's connection string. */
  readonly url: string;
  /** The same database through a relay that can be cut. */
  readonly relayUrl: string;
  /** A connection string with a port on which nothing listens. */
  readonly closedUrl: string;
  /** A `POST` to this address cuts every connection of the relay. */
  readonly cutUrl: string;
}

/** A function that rejects if the runtime does not pass the case. */
export type Case = (context: CaseContext) => Promise<void>;

/**
 * - `works`: the case passed.
 * - `refused`: a `DatabaseError`, after `ms` milliseconds.
 * - `failed`: any other error, or no response.
 */
export type Outcome =
  | { readonly result: 'works' }
  | { readonly result: 'refused'; readonly message: string; readonly ms: number }
  | { readonly result: 'failed'; readonly message: string };
