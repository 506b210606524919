/** The options of a list, and the error for an invalid option. */

export const ORDERS = ['newest', 'oldest'] as const;

/** The order by primary key: `newest` starts with the largest. */
export type Order = (typeof ORDERS)[number];

export const LIMIT_MAX = 1000;

export interface PageOptions {
  /** Maximum number of rows, 1 to 1000. Default 20. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the previous page. Default: the first page. */
  readonly cursor?: string | undefined;
  /** Default `newest` first. */
  readonly order?: Order | undefined;
}

/** An option of a list is unknown or has an invalid value. Nothing was sent. */
export class PageOptionError extends RangeError {
  override readonly name = 'PageOptionError';
  readonly code = 'PAGE_OPTION_INVALID';
  /** The option's key, as the caller wrote it. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}
