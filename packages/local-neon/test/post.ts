/** `POST /sql` without the driver, to see the whole response. */
export interface Posted {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `any`: each test names the shape that it expects. */
  readonly body: any;
}

export type Post = (body: unknown, headers?: Record<string, string>) => Promise<Posted>;

/** Sends to the server of the URL. The URL is the connection string, unless the headers have another one. */
export function createPost(url: string): Post {
  return async (body, headers = {}) => {
    const response = await fetch(endpointOf(url), {
      method: 'POST',
      headers: { 'Neon-Connection-String': url, ...headers },
      body: typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  };
}

export function endpointOf(url: string): string {
  return `http://localhost:${new URL(url).port}/sql`;
}
