/** The errors of local-neon, and how messages name the cause and the remedy. */
export type LocalNeonErrorCode =
  /** No PostgreSQL is packaged for this operating system, processor or C library. */
  | 'UNSUPPORTED_PLATFORM'
  /** `binDir` has no programs of PostgreSQL 15 or later that run here, or the packaged programs cannot be prepared. */
  | 'PROGRAMS_UNUSABLE'
  /** Another program listens on the requested port. */
  | 'PORT_TAKEN'
  /** Another process holds the data directory and did not release it in time. */
  | 'DATA_DIRECTORY_IN_USE'
  /** The data directory is of another version or user, is damaged, or other users may write in it. */
  | 'DATA_DIRECTORY_UNUSABLE'
  /** PostgreSQL did not start; the message holds the end of its log. */
  | 'START_FAILED'
  /** No server runs on the data directory of a command. */
  | 'NOT_RUNNING'
  /** A running server could not be stopped, or did not stop in time. */
  | 'STOP_FAILED'
  /** A branch could not be created or deleted. */
  | 'BRANCH_FAILED';

/** An error of local-neon: `code` is for programs, the message ends with a remedy for people. */
export class LocalNeonError extends Error {
  override readonly name = 'LocalNeonError';
  readonly code: LocalNeonErrorCode;

  constructor(code: LocalNeonErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The error for a data directory that cannot be used and was not changed. */
export function unusableDirectory(folder: string, why: string, cause?: unknown): LocalNeonError {
  const message = `${why}. Nothing was changed. Move ${folder} away to start with an empty database.`;
  return new LocalNeonError('DATA_DIRECTORY_UNUSABLE', message, { cause });
}

/** The message of an error. Node's error for several failed addresses has no message; its reasons are in `errors`. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
