/** The request is malformed. The message is sent with status 400. */
export class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
}
