/** What a list can be asked for, and the refusal of anything else. */

/** By primary key: `newest` begins with the largest. */
export type Order = 'newest' | 'oldest';

export const ORDERS = ['newest', 'oldest'] as const satisfies readonly Order[];

export const LIMIT_MAX = 1000;

export interface PageOptions {
  /** How many rows at most, 1 to 1000. Default 20. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. Default: the first page. */
  readonly cursor?: string | undefined;
  /** Default `newest` first. */
  readonly order?: Order | undefined;
}

/** An option of a list that is none, or has a value that is none. Nothing was sent. */
export class PageOptionError extends RangeError {
  override readonly name = 'PageOptionError';
  readonly code = 'PAGE_OPTION_INVALID';
  /** Its key, as it was given. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}
