/** What fits one request to Neon's SQL over HTTP: https://neon.com/docs/serverless/serverless-driver#sql-over-http */
import type { Bounds } from './chunks.ts';

/** What was to be written at once does not fit one HTTP request, and several would not be one transaction. Nothing was sent. */
export class RequestTooLargeError extends Error {
  override readonly name = 'RequestTooLargeError';
  readonly code = 'REQUEST_TOO_LARGE';

  constructor() {
    super(
      'These todos do not fit one HTTP request (10 MB), and several requests would not be one transaction. Nothing was sent. ' +
        'Use `connectWebSocket`, which takes any number of them; or call `createMany` for each part, if one may fail by itself.',
    );
  }
}

const REQUEST_BYTES_MAX = 10_485_760;
/** The statement, and what stands around the parameters. */
const ENVELOPE_BYTES = 4_096;
/** Quotes, commas and a boolean. */
const ROW_BYTES = 16;

/** A text is quoted for its array, and the array for its JSON. That this counts some control characters twice does no harm. */
export const IN_A_REQUEST: Bounds = {
  rowsMax: Number.POSITIVE_INFINITY,
  sizeMax: REQUEST_BYTES_MAX - ENVELOPE_BYTES,
  sizeOf: (text) => new TextEncoder().encode(JSON.stringify(JSON.stringify(text))).length + ROW_BYTES,
};
