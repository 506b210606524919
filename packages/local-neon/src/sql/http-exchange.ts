/**
 * A request over HTTP and what it is answered, apart from any socket. Not the two of `fetch`: what it costs to make those is
 * seen in a short query.
 */
export interface HttpRequest {
  readonly method: string;
  /** As the request has it: a path, or a whole URL. */
  readonly url: string;
  /** By its name in small letters. */
  readonly header: (name: string) => string | undefined;
  /** Undefined: it is larger than `BYTES_MAX`. */
  readonly body: Buffer | undefined;
  /** Made when it is asked for; aborted when the answer has nobody to go to. */
  readonly signal: () => AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Of a request and of an answer, as on Neon. */
export const BYTES_MAX = 10_485_760;
