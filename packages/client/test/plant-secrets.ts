/** Sends secrets to a database in every way in which a client takes values, successful or not. */
import { eq, sql } from 'drizzle-orm';

import type { Database } from './fixture/app.ts';
import { account } from './fixture/schema.ts';

const secret = (n: number) => `secret-${n}-of-${crypto.randomUUID()}`;
const SECRET = /secret-\d+-of-[-\da-f]{36}/g;

/** How many ways there are. */
const WAYS = 8;

/** @returns the secrets, of which each was sent as a parameter, came back as a row, or both. */
export async function plantSecrets(db: Database, count: number): Promise<string[]> {
  const secrets = Array.from({ length: count }, (_, n) => secret(n));
  for (let n = 0; n < secrets.length; n += 50) {
    await Promise.all(secrets.slice(n, n + 50).map((text, index) => send(db, text, (n + index) % WAYS)));
  }
  return secrets;
}

/** The secrets in a text. */
export function secretsIn(text: string): string[] {
  return text.match(SECRET) ?? [];
}

async function send(db: Database, text: string, way: number): Promise<void> {
  const row = { email: `${text}@example.com`, secret: text };
  switch (way) {
    case 0:
      return void (await db.insert(account).values(row).returning());
    case 1:
      await db.insert(account).values(row);
      return fail(db.insert(account).values(row));
    case 2:
      return void (await db.select().from(account).where(eq(account.secret, text)));
    case 3:
      return fail(db.execute(sql`select ${text}::integer`));
    case 4:
      return fail(db.execute(sql`select ${{ toPostgres: () => fault(text) }}`));
    case 5:
      return void (await db.execute(sql`select ${text}::text as kept`));
    case 6:
      return together(db, row);
    default:
      return fail(together(db, { ...row, email: text.repeat(30) }));
  }
}

/** The errors are part of it: PostgreSQL repeats values in its messages and details. */
async function fail(work: PromiseLike<unknown>): Promise<void> {
  await Promise.resolve(work).catch(() => {});
}

function fault(text: string): never {
  throw new TypeError(`cannot be written down: ${text}`);
}

/** Two statements as one: a batch, or a transaction, whose own function fails with the secret. */
async function together(db: Database, row: typeof account.$inferInsert): Promise<void> {
  if ('close' in db) {
    const work = db.transaction(async (tx) => {
      await tx.insert(account).values(row).returning();
      throw new Error(`not kept: ${row.secret}`);
    });
    await work.catch(() => {});
  } else {
    await db.batch([
      db.insert(account).values(row).returning(),
      db.select().from(account).where(eq(account.secret, row.secret)),
    ]);
  }
}
