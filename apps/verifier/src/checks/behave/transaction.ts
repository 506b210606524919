import type { HttpDatabase, WebSocketDatabase } from '@todo/client';
import { type SQL, sql } from 'drizzle-orm';

import { type Check, guarantee, verdict } from '../../check.ts';

export const transaction: Check = {
  id: 'behave/transaction',
  title: 'Transactions, savepoints and HTTP batches commit or roll back as a whole',
  method:
    'Runs transactions without rows, reads the status of each by its id from another session, and uses a setting to test savepoints.',
  why: 'Half of a transaction is kept, or a committed transaction is lost.',
  remedy: 'Put related writes into `transaction` of the WebSocket client or `batch` of the HTTP client.',
  mode: 'commits',
  needs: ['connect/http', 'connect/websocket'],
  run: async ({ http, websocket, step }) => {
    const scenarios = [commitsBoth, rollsBack, rollsBackToSavepoint, batchIsAtomic, refusesSessionOverHttp];
    for (const scenario of scenarios) step(await scenario(websocket, http));
    return verdict([]);
  },
};

/** Tests one guarantee. Returns a line for `--verbose`. */
type Scenario = (websocket: WebSocketDatabase, http: HttpDatabase) => Promise<string>;

/** Assigns an id to the transaction and returns it. */
const TRANSACTION_ID = sql`select pg_current_xact_id()::text as value`;

/** A client of either transport, or a transaction. */
interface Executor {
  execute(statement: SQL): PromiseLike<{ readonly rows: readonly Record<string, unknown>[] }>;
}

/** Runs a statement and returns the column `value` of its first row. */
async function valueOf(db: Executor, statement: SQL): Promise<string> {
  const { rows } = await db.execute(statement);
  return String(rows[0]?.['value']);
}

const commitsBoth: Scenario = async (db, http) => {
  const [first, second] = await db.transaction(async (tx) => [
    await valueOf(tx, TRANSACTION_ID),
    await valueOf(tx, TRANSACTION_ID),
  ]);
  guarantee(first === second, { have: 'two statements of a transaction ran in two transactions', want: 'one' });
  await expectStatus('after a commit', http, first, 'committed');
  return 'committed two statements as one transaction, seen from another session';
};

const rollsBack: Scenario = async (db, http) => {
  let id: string | undefined;
  await expectError(
    db.transaction(async (tx) => {
      id = await valueOf(tx, TRANSACTION_ID);
      throw new ExpectedError();
    }),
  );
  await expectStatus('after an error inside a transaction', http, id, 'aborted');
  return 'rolled back after an error';
};

/** Sets a setting of the transaction. PostgreSQL reverts it when the savepoint that set it is rolled back. */
const setMark = (value: string): SQL => sql`select set_config('verify.mark', ${value}, true) as value`;

const rollsBackToSavepoint: Scenario = async (db, http) => {
  const { id, mark } = await db.transaction(async (tx) => {
    await valueOf(tx, setMark('outer'));
    await expectError(
      tx.transaction(async (savepoint) => {
        await valueOf(savepoint, setMark('inner'));
        throw new ExpectedError();
      }),
    );
    return {
      id: await valueOf(tx, TRANSACTION_ID),
      mark: await valueOf(tx, sql`select current_setting('verify.mark') as value`),
    };
  });
  guarantee(mark === 'outer', {
    have: 'after an error inside a savepoint: the change made inside the savepoint is still visible',
    want: 'the state before the savepoint',
  });
  await expectStatus('after an error inside a savepoint', http, id, 'committed');
  return 'rolled back to a savepoint, committed the rest';
};

/** The statements of a batch run in one transaction. */
const batchIsAtomic: Scenario = async (_, http) => {
  const ids = (
    await http.batch([http.execute(TRANSACTION_ID), http.execute(TRANSACTION_ID), http.execute(TRANSACTION_ID)])
  ).map(({ rows }) => String(rows[0]?.['value']));
  guarantee(new Set(ids).size === 1, {
    have: `the ${ids.length} statements of a batch ran in ${new Set(ids).size} transactions`,
    want: 'one transaction',
  });
  await expectStatus('after a batch', http, ids[0], 'committed');
  await expectError(http.batch([http.execute(TRANSACTION_ID), http.execute(sql`select 1 / 0`)]), DIVISION_BY_ZERO);
  return 'ran a batch as one transaction, and refused one whose last statement fails';
};

const DIVISION_BY_ZERO = '22012';

/** The type has no `transaction`, but JavaScript and a cast can still call it. */
const refusesSessionOverHttp: Scenario = async (_, http) => {
  const uncheckedHttp = http as Partial<Pick<WebSocketDatabase, 'transaction'>>;
  const ids = await uncheckedHttp
    .transaction?.(async (tx) => [await valueOf(tx, TRANSACTION_ID), await valueOf(tx, TRANSACTION_ID)])
    .catch(() => undefined);
  guarantee(ids === undefined || ids[0] === ids[1], {
    have: 'a transaction over HTTP: two transactions',
    want: 'a refusal',
  });
  return 'refused an interactive transaction over HTTP';
};

class ExpectedError extends Error {}

/** Throws unless `work` fails with `ExpectedError` or with `code`. Without `code`, success is allowed: the caller checks the status of the transaction. */
async function expectError(work: Promise<unknown>, code?: string): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ExpectedError || (code !== undefined && Object(error).code === code)) return;
    throw error;
  }
  guarantee(code === undefined, {
    have: 'a batch succeeds although its last statement fails',
    want: `its error, ${code}`,
  });
}

/** Expects the status of a transaction: `committed` or `aborted`. */
async function expectStatus(when: string, http: HttpDatabase, id: string | undefined, want: string): Promise<void> {
  const have = await valueOf(http, sql`select pg_xact_status(${id}::xid8) as value`);
  guarantee(have === want, { have: `${when}: the transaction is ${have}`, want });
}
