/** An HTTP request and its response, without sockets. Creating those of `fetch` is slow compared to a short query. */
export interface HttpRequest {
  readonly method: string;
  /** As written in the request: a path, or a whole URL. */
  readonly url: string;
  /** The value of a header, whose name must be in lower case. */
  readonly header: (name: string) => string | undefined;
  /** Undefined when it is larger than `BYTES_MAX`. */
  readonly body: Buffer | undefined;
  /** Creates the signal at the first call. It aborts when the client has disconnected. */
  readonly signal: () => AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** The largest body of a request and of a response, as on Neon. */
export const BYTES_MAX = 10_485_760;
