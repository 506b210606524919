/** A known failure: how to recognise its errors, its cause and its remedy. */
import type { Layer } from '../error-chain.ts';

export interface Failure {
  /** Matches an error with a layer that has one of these codes: SQLSTATE, or a code of Node.js, undici or OpenSSL. */
  readonly codes?: readonly string[];
  /** Or matches `name: message` of a layer. */
  readonly text?: RegExp;
  /** The cause, or a function of the matching layer. Does not quote the error, whose message may contain a URL, a parameter or a row. */
  readonly cause: string | ((layer: Layer) => string);
  /** An action or a command. */
  readonly remedy: string;
  /** Recorded errors of drivers, servers and Neon's proxy: at least one for each code and each alternative of `text`. */
  readonly examples: readonly Recorded[];
}

/** The fields of an error that `diagnose` reads. */
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

/** Records an error of Neon's proxy. Over WebSocket, all have the code XX000; over HTTP, the code is empty. */
export function fromProxy(message: string): Recorded {
  return { name: 'NeonDbError', message, code: 'XX000' };
}

/** Records an error of PostgreSQL, with the names that it contains, such as a constraint. */
export function fromPostgres(code: string, message: string, names: Recorded = {}): Recorded {
  return { name: 'error', message, code, ...names };
}

/** Rebuilds the error as a driver throws it, with its inner errors. */
export function rebuildError({ cause, sourceError, errors, ...fields }: Recorded): Error {
  return Object.assign(
    new Error(fields.message, cause && { cause: rebuildError(cause) }),
    fields,
    sourceError && { sourceError: rebuildError(sourceError) },
    errors && { errors: errors.map(rebuildError) },
  );
}
