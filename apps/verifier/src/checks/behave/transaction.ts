import type { HttpDatabase, WebSocketDatabase } from '@todo/client';
import { user } from '@todo/db/schema';
import { inArray, sql } from 'drizzle-orm';

import { type Check, type Context, guarantee, verdict } from '../../check.ts';

export const transaction: Check = {
  id: 'behave/transaction',
  title: 'Transactions commit and roll back as a whole: over WebSocket, in savepoints, and a batch over HTTP',
  method: 'Transactions, a savepoint and a batch that fail half-way; what is left is counted from another session.',
  why: 'Half of what belongs together is kept, or all of it is lost.',
  remedy: 'Several writes belong into `transaction` of the WebSocket client, or into `batch` of the HTTP client.',
  severity: 'error',
  mode: 'commits',
  needs: ['connect/http', 'connect/websocket'],
  run: async (context) => {
    const { http, websocket, step } = context;
    const stories = [commits, rollsBack, rollsBackToSavepoint, batchIsAtomic, refusesSessionOverHttp];
    for (const story of stories) step(await story(websocket, http, context.rows));
    return verdict([]);
  },
};

type Story = (websocket: WebSocketDatabase, http: HttpDatabase, rows: Context['rows']) => Promise<string>;

const commits: Story = async (db, http, rows) => {
  const emails = [rows.email(), rows.email()];
  await expectLeft('after a commit', http, emails, emails, async () => {
    await db.transaction(async (tx) => {
      for (const email of emails) await tx.insert(user).values(someone(email));
    });
  });
  return 'committed two inserts, seen from another session';
};

const rollsBack: Story = async (db, http, rows) => {
  const email = rows.email();
  await expectLeft('after an error inside a transaction', http, [email], [], async () => {
    await provoke(
      db.transaction(async (tx) => {
        await tx.insert(user).values(someone(email));
        throw new Provoked();
      }),
    );
  });
  return 'rolled back after an error';
};

const rollsBackToSavepoint: Story = async (db, http, rows) => {
  const [outer, inner] = [rows.email(), rows.email()];
  await expectLeft('after an error inside a savepoint', http, [outer, inner], [outer], async () => {
    await db.transaction(async (tx) => {
      await tx.insert(user).values(someone(outer));
      await provoke(
        tx.transaction(async (savepoint) => {
          await savepoint.insert(user).values(someone(inner));
          throw new Provoked();
        }),
      );
    });
  });
  return 'rolled back to a savepoint, committed the rest';
};

const batchIsAtomic: Story = async (_, http, rows) => {
  const [first, second] = [rows.email(), rows.email()];
  await expectLeft('after a batch whose last query fails', http, [first, second], [], async () => {
    const insert = (email: string) => http.insert(user).values(someone(email));
    await http.batch([insert(first), insert(second), http.execute(sql`select 1 / 0`)]).catch(() => {});
  });
  return 'kept nothing of a failed batch';
};

/** The type has no `transaction`; JavaScript, and a cast, get past it. */
const refusesSessionOverHttp: Story = async (_, http, rows) => {
  const email = rows.email();
  await expectLeft('after a transaction over HTTP', http, [email], [], async () => {
    const untyped = http as Partial<Pick<WebSocketDatabase, 'transaction'>>;
    await untyped.transaction?.(async (tx) => void (await tx.insert(user).values(someone(email)))).catch(() => {});
  });
  return 'refused an interactive transaction over HTTP';
};

class Provoked extends Error {}

async function provoke(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Provoked)) throw error;
  }
}

function someone(email: string): typeof user.$inferInsert {
  return { email, hashedPassword: 'verify' };
}

/** Looks at the rows from a session of its own; they are gone afterwards, also when they are not as wanted. */
async function expectLeft(
  when: string,
  http: HttpDatabase,
  emails: string[],
  want: string[],
  work: () => Promise<void>,
): Promise<void> {
  const ours = inArray(user.email, emails);
  try {
    await work();
    const left = await http.select({ email: user.email }).from(user).where(ours).orderBy(user.id);
    const have = left.map(({ email }) => email);
    guarantee(have.join() === want.join(), {
      have: `${when}: ${describe(have, emails)}`,
      want: describe(want, emails),
    });
  } finally {
    await http.delete(user).where(ours);
  }
}

function describe(left: string[], all: string[]): string {
  return `${left.length} of ${all.length} rows`;
}
