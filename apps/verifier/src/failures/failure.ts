/** A failure that the doctor knows: by what it is recognised, what it means, and what to do about it. */
import type { Layer } from '../error-chain.ts';

export interface Failure {
  /** Recognised when a layer of the error bears one of these codes: SQLSTATE, or Node's, undici's and OpenSSL's own. */
  readonly codes?: readonly string[];
  /** Or when it matches a layer's `name: message`. */
  readonly text?: RegExp;
  /** In words of our own, because the error's may hold a URL, a parameter or a row. Given the layer that was recognised. */
  readonly cause: string | ((layer: Layer) => string);
  /** What to do, or to type. */
  readonly remedy: string;
  /** Errors as drivers, servers and Neon's proxy throw them: at least one for each thing that it is recognised by. */
  readonly examples: readonly Recorded[];
}

/** An error reduced to what the doctor looks at. */
export interface Recorded {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly column?: string;
  readonly cause?: Recorded;
  readonly sourceError?: Recorded;
  readonly errors?: readonly Recorded[];
}

/** As Neon's proxy says things: all under one code over WebSocket, under an empty one over HTTP. */
export function fromProxy(message: string): Recorded {
  return { name: 'NeonDbError', message, code: 'XX000' };
}

export function fromPostgres(code: string, message: string, rest: Recorded = {}): Recorded {
  return { name: 'error', message, code, ...rest };
}

/** As it comes from a driver: an Error around others. */
export function revive({ cause, sourceError, errors, ...fields }: Recorded): Error {
  return Object.assign(
    new Error(fields.message, cause && { cause: revive(cause) }),
    fields,
    sourceError && { sourceError: revive(sourceError) },
    errors && { errors: errors.map(revive) },
  );
}
