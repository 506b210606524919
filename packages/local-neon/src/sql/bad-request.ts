/** A request that cannot be understood; the message goes out with status 400. */
export class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
}
