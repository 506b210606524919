/** A request may have a text of any length as an email address. The validators process no more of it than an address can have. */
import { testBranch } from '@todo/local-neon/vitest';
import { afterEach, expect, test, vi } from 'vitest';

import { connectHttp, connectWebSocket } from '../src/index.ts';
import { users } from '../src/queries/index.ts';
import { insertUserSchema, normalizeEmail, updateUserSchema } from '../src/validators/index.ts';

const { url } = await testBranch();

/** Counts the characters that the slow functions get: IDNA, through `URL`, and Unicode normalization. */
function countWork(): { characters: number } {
  const work = { characters: 0 };
  const { URL: RealUrl } = globalThis;
  const normalize: (this: string, form?: string) => string = Reflect.get(String.prototype, 'normalize');
  vi.stubGlobal(
    'URL',
    class extends RealUrl {
      constructor(...[text, base]: ConstructorParameters<typeof RealUrl>) {
        work.characters += String(text).length;
        super(text, base);
      }
    },
  );
  vi.spyOn(String.prototype, 'normalize').mockImplementation(function count(this: string, form?: string) {
    work.characters += this.length;
    return normalize.call(this, form);
  });
  return work;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const long = {
  'letters of another alphabet': 'ü.'.repeat(200_000),
  'a local part': `${'ü'.repeat(400_000)}@example.com`,
  'a domain': `a@${'ü.'.repeat(200_000)}de`,
  Punycode: `a@${'xn--bcher-kva.'.repeat(30_000)}de`,
  'characters that IDNA leaves out': `a@ex${'\u00ad'.repeat(400_000)}ample.com`,
  'marks in any order': `a${'\u0301\u0323'.repeat(200_000)}@example.com`,
};

test.each(Object.entries(long))('%s: the validators refuse the text without processing it', (_, email) => {
  const work = countWork();
  for (const text of [email, ` ${email} `]) {
    expect(insertUserSchema.safeParse({ email: text, hashedPassword: 'h' }).success).toBe(false);
    expect(updateUserSchema.safeParse({ email: text }).success).toBe(false);
  }
  expect(work.characters).toBe(0);
  vi.restoreAllMocks();
  expect(normalizeEmail(` ${email} `)).toBe(email);
});

test.each(Object.entries(long))('%s: a look-up finds nothing, and PostgreSQL is not asked', async (_, email) => {
  const statements: unknown[] = [];
  const logger = (statement: unknown) => statements.push(statement);
  await using websocket = connectWebSocket(url, { logger });
  for (const db of [connectHttp(url, { logger }), websocket]) {
    const work = countWork();
    expect(await users(db).byEmail(email)).toBeUndefined();
    expect(work.characters).toBe(0);
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  }
  expect(statements).toEqual([]);
});

test('the work for an address of the greatest length is bounded', () => {
  const work = countWork();
  insertUserSchema.safeParse({ email: `a@${'ü.'.repeat(1_000)}de`, hashedPassword: 'h' });
  expect(work.characters).toBeGreaterThan(0);
  expect(work.characters).toBeLessThan(50_000);
});

const addressOf = (letter: string) => `${letter.repeat(64)}@${letter.repeat(60)}.${letter.repeat(60)}.example`;

test('an address at the limit of its column is accepted in its longest spelling', () => {
  const [composed, decomposed] = ['\u1ec7', 'e\u0323\u0302'];
  const parsed = insertUserSchema.parse({ email: addressOf(decomposed), hashedPassword: 'h' });
  expect(parsed.email).toBe(addressOf(composed));
});
