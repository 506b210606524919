/** What fits one request to Neon's SQL over HTTP: https://neon.com/docs/serverless/serverless-driver#sql-over-http */
import type { Bounds } from './chunks.ts';
import type { Cell } from './row-reader.ts';

/** Rows that were to be written at once do not fit one HTTP request, and several would not be one transaction. Nothing was sent. */
export class RequestTooLargeError extends Error {
  override readonly name = 'RequestTooLargeError';
  readonly code = 'REQUEST_TOO_LARGE';

  constructor() {
    super(
      'These rows do not fit one HTTP request (10 MB), and several requests would not be one transaction. Nothing was sent. ' +
        'Use `connectWebSocket`, which takes any number of them; or call `createMany` for each part, if one may fail by itself.',
    );
  }
}

const REQUEST_BYTES_MAX = 10_485_760;
/** The statements, and what stands around the parameters. */
const ENVELOPE_BYTES = 65_536;
/** Its brackets, and the owner. */
const ROW_BYTES = 24;
/** `default, `; or a number of a parameter, beside the quotes that are counted with the text. */
const CELL_BYTES = 9;

/** A text is quoted for its array, and the array for its JSON. That this counts some control characters twice does no harm. */
export const IN_A_REQUEST: Bounds = {
  rowsMax: Number.POSITIVE_INFINITY,
  sizeMax: REQUEST_BYTES_MAX - ENVELOPE_BYTES,
  sizeOf: (cells) => cells.reduce((size, cell) => size + CELL_BYTES + textBytes(cell), ROW_BYTES),
};

function textBytes(cell: Cell): number {
  // An expression is part of the statement.
  if (typeof cell !== 'string') return 0;
  return new TextEncoder().encode(JSON.stringify(JSON.stringify(cell))).length;
}
