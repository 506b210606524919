/** A caller of the API: `fetch`, and a cookie that is kept. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- each test says what it expects
  readonly body: any;
}

export interface Caller {
  cookie: string;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export function caller(origin: string, cookie = ''): Caller {
  const own: Caller = {
    cookie,
    async send(method, path, body, headers = {}) {
      const response = await fetch(`${origin}${path}`, {
        method,
        headers: {
          cookie: own.cookie,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const [set] = response.headers.getSetCookie();
      if (set !== undefined) own.cookie = set.split(';')[0] ?? '';
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
  };
  return own;
}

let signedUp = 0;

/** Somebody who has just signed up. */
export async function newcomer(origin: string): Promise<Caller & { readonly email: string }> {
  const guest = caller(origin);
  signedUp += 1;
  const email = `newcomer${signedUp}@example.com`;
  const { status, body } = await guest.send('POST', '/users', { email, password: PASSWORD });
  if (status !== 201) throw new Error(`Sign-up failed: ${JSON.stringify(body)}`);
  return Object.assign(guest, { email });
}

export const PASSWORD = 'correct horse battery';
