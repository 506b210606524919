export type LocalNeonErrorCode =
  /** No PostgreSQL is packaged for this operating system, processor or C library. */
  | 'UNSUPPORTED_PLATFORM'
  /** The folder of programs that was named holds none of PostgreSQL 15 or later that run here, or the packaged ones cannot be made ready. */
  | 'PROGRAMS_UNUSABLE'
  /** Another program listens on the port that was asked for. */
  | 'PORT_TAKEN'
  /** Another process holds the data directory and did not let go of it in time. */
  | 'DATA_DIRECTORY_IN_USE'
  /** The data directory belongs to another major version of PostgreSQL or another user, is damaged, or others may write in it. */
  | 'DATA_DIRECTORY_UNUSABLE'
  /** PostgreSQL did not start; the message carries the end of its log. */
  | 'START_FAILED'
  /** No server runs on the data directory that a command is about. */
  | 'NOT_RUNNING'
  /** A running server could not be asked to stop, or did not in time. */
  | 'STOP_FAILED'
  /** A branch could not be created or deleted. */
  | 'BRANCH_FAILED';

/** What local-neon throws: `code` for programs, a message that ends with what to do for people. */
export class LocalNeonError extends Error {
  override readonly name = 'LocalNeonError';
  readonly code: LocalNeonErrorCode;

  constructor(code: LocalNeonErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A data directory is left as it is, whatever is wrong with it. */
export function unusableDirectory(folder: string, why: string, cause?: unknown): LocalNeonError {
  return new LocalNeonError(
    'DATA_DIRECTORY_UNUSABLE',
    `${why}. Nothing was changed. Move ${folder} away to start with an empty database.`,
    { cause },
  );
}

/** What went wrong, in words: what Node throws when several addresses fail has its reasons inside, and no message. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
