/** An unusable connection string is described, and no part of it is shown. */
import { describe, expect, test } from 'vitest';

import { connectionFields, parseConnectionUrl } from '../src/connection-url.ts';
import { connectSession, DatabaseUrlError, isLoopback, maskUrl } from '../src/index.ts';
import { connectHttp, connectWebSocket } from './fixture/app.ts';

describe('a missing connection string', () => {
  const missing = expect.objectContaining({
    code: 'DATABASE_URL_MISSING',
    message: expect.stringMatching(/^DATABASE_URL is not set\. .*Neon console.*\.env.*pnpm db:dev/s),
  });

  test.each([undefined, '', '  \n'])('%j as URL gives "DATABASE_URL is not set" and says what to do', (url) => {
    expect(() => parseConnectionUrl(url)).toThrow(missing);
  });

  test('connectSession rejects a missing URL with the same error', async () => {
    await expect(connectSession(undefined)).rejects.toThrow(DatabaseUrlError);
    await expect(connectSession(undefined)).rejects.toEqual(missing);
  });
});

// In some drivers these parameters override the part before the `?`.
const OVERRIDING = ['host', 'hostaddr', 'port', 'user', 'password', 'database', 'dbname', 'db'];

describe('a wrong connection string', () => {
  test.each([
    ['psql postgresql://u:s3cret@h/db', 'begins with `psql`'],
    ['"postgresql://u:s3cret@h/db"', 'is in quotes'],
    ["'postgresql://u:s3cret@h/db'", 'is in quotes'],
    ['postgresql://u:s3cret@h /db', 'white space'],
    ['mysql://u:s3cret@h/db', 'does not begin with postgresql://'],
    ['s3cret', 'does not begin with postgresql://'],
    ['postgresql://u:s3cret#x@h/db', '%23'],
    ['postgresql://u:s3cret/x@h/db', '%2F'],
    ['postgresql://u:s3cret?x@h/db', '%3F'],
    ['postgresql://u:s3cret@x@h/db', '%40'],
    ['postgresql://u:s3cret%x@h/db', '%25'],
    ['postgresql://u:s3cret%ff@h/db', '%25'],
    ['postgresql://u:s3cret%00@h/db', 'U+0000'],
    ['postgresql://u:s3cret@h/db?application_name=a%00b', 'U+0000'],
    ['postgresql://u:s3cret@h:port/db', 'host or a port'],
    ['postgresql://h/s3cret', 'names no user'],
    ['postgresql://:s3cret@h/db', 'names no user'],
    ['postgresql://s3cret@h/db', 'contains no password'],
    ['postgresql://u:s3cret@/db', 'names no host'],
    ['postgresql://u:s3cret@h', 'names no database'],
    ['postgresql://u:s3cret@h/', 'names no database'],
    ...OVERRIDING.map((name) => [`postgresql://u:p@localhost/db?${name}=s3cret`, `\`${name}\``]),
    ['postgresql://USER:PASSWORD@HOST/s3cret', 'placeholder'],
    ['postgresql://s3cret:<password>@ep-x.neon.tech/db', 'placeholder'],
    ['postgresql://s3cret:[YOUR-PASSWORD]@ep-x.neon.tech/db', 'placeholder'],
    ['postgresql://s3cret:${PASSWORD}@ep-x.neon.tech/db', 'placeholder'],
    ['postgresql://s3cret:****************@ep-x.neon.tech/db', 'placeholder'],
    ['postgresql://s3cret:your_password@ep-x.neon.tech/db', 'placeholder'],
    ['postgresql://u:s3cret@ep-name-123456.us-east-2.aws.neon.tech/db', 'placeholder'],
    ['postgresql://...', 'placeholder'],
    ['postgresql://u:s3cret@ep-x.neon.tech/db?sslmode=disable', 'allows a connection without TLS'],
    ['postgresql://u:s3cret@ep-x.neon.tech/db?sslmode=allow', 'allows a connection without TLS'],
    ['postgresql://u:s3cret@ep-x.neon.tech/db?sslmode=prefer', 'allows a connection without TLS'],
  ] as [string, string][])('%s: the message says which part, and repeats none', (url, part) => {
    const error = catchError(() => connectHttp(url));
    expect(error).toMatchObject({ code: 'DATABASE_URL_INVALID', message: expect.stringContaining(part) });
    expect(`${error.message} ${error.stack}`).not.toContain('s3cret');
    expect(maskUrl(url)).not.toContain('s3cret');
  });

  test('an error about a replica’s URL names the replica', () => {
    for (const connect of [connectHttp, connectWebSocket]) {
      const error = catchError(() =>
        connect('postgresql://u:p@ep-x.neon.tech/db', { replicas: ['postgresql://u:s3cret@h'] }),
      );
      expect(error.message).toMatch(/^A replica’s URL names no database\./);
    }
  });

  test.each([
    ['stars, brackets and dots in a password', 'postgresql://u:a*b[c]d...e<f>g{h}@ep-x.neon.tech/db'],
    ['a password that is a poor one', 'postgresql://postgres:password@localhost/db'],
    ['the loopback address of IPv6', 'postgresql://u:p@[::1]:5432/db'],
    ['sslmode=disable on this machine', 'postgresql://u:p@localhost/db?sslmode=disable'],
    [
      'a string from Neon’s console',
      'postgresql://neondb_owner:npg_x1@ep-a-1-pooler.eu.aws.neon.tech/neondb?sslmode=require&channel_binding=require',
    ],
  ])('%s is a valid URL', (_, url) => expect(() => connectHttp(url)).not.toThrow());

  test('white space around a connection string is allowed', () => {
    expect(() => connectHttp(' postgresql://u:p@ep-x.neon.tech/db\n')).not.toThrow();
  });
});

test.each(['-c search_path=private', '-csearch_path=private', 'endpoint=ep-x --search_path=private'])(
  'a session setting (%s) is refused over HTTP, which has no session',
  (options) => {
    const url = `postgresql://u:p@localhost/db?options=${encodeURIComponent(options)}`;
    const error = catchError(() => connectHttp(url));
    expect(error).toMatchObject({
      code: 'DATABASE_URL_INVALID',
      message: expect.stringMatching(
        /^DATABASE_URL sets `options` of a session, and HTTP has no sessions: use `connectWebSocket`/,
      ),
    });
    expect(error.message).not.toContain('private');
    expect(() => connectWebSocket(url)).not.toThrow();
  },
);

test('Neon’s own options are accepted over HTTP', () => {
  expect(() => connectHttp('postgresql://u:p@ep-x.neon.tech/db?options=endpoint%3Dep-x')).not.toThrow();
});

test('drivers get the unescaped fields of a connection string', () => {
  const url = parseConnectionUrl('postgresql://a%40b:p%2Fw@h/d%20b?application_name=app&options=endpoint%3Dep-x');
  expect(connectionFields(url)).toEqual({
    host: 'h',
    port: 5432,
    user: 'a@b',
    password: 'p/w',
    database: 'd b',
    application_name: 'app',
    options: 'endpoint=ep-x',
  });
});

test('maskUrl hides the password and the parameters', () => {
  expect(maskUrl('postgresql://ada:s3cret@ep-x.eu.neon.tech:5432/main?options=s3cret')).toBe(
    'postgresql://ada:***@ep-x.eu.neon.tech:5432/main',
  );
});

test.each([
  ['postgresql://u:p@localhost/db', true],
  ['postgresql://u:p@LOCALHOST:5454/db', true],
  ['postgresql://u:p@127.0.0.1:5454/db', true],
  ['postgresql://u:p@127.9.9.9/db', true],
  ['postgresql://u:p@[::1]:5454/db', true],
  ['postgresql://u:p@ep-x.eu.neon.tech/db', false],
  ['postgresql://u:p@localhost.example.com/db', false],
  ['postgresql://u:p@127.0.0.1.example.com/db', false],
  ['postgresql://localhost:p@example.com/localhost', false],
  // `pg` would connect to the host in the parameter.
  ['postgresql://u:p@localhost/db?host=example.com', false],
  ['postgresql://u:p@0.0.0.0/db', false],
  ['localhost', false],
  ['', false],
])('isLoopback of %s is %s', (url, expected) => {
  expect(isLoopback(url)).toBe(expected);
});

function catchError(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It did not throw');
}
