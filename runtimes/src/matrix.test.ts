/** The cases and the API's tests on every runtime, and the table of results. */
import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';

import { runApiSuite, SESSION_SECRET } from './api-suite.js';
import { runCase } from './run-case.js';
import type { Outcome } from './cases/case.js';
import { CASE_NAMES, type CaseName } from './cases/index.js';
import { CREATE_NOTE } from './cases/note.js';
import { type Relay, startRelay } from './relay.js';
import { selectRows, ROWS } from './rows/index.js';
import type { Row } from './rows/row.js';
import type { Started } from './rows/started.js';
import { API_COLUMNS, type Finding, readTable, renderTable, writeTable } from './table.js';
import { connectSession, type LocalNeon, migrate, startLocalNeon } from './workspace.js';

/** The time within which a runtime must report that it refuses a case. */
const REFUSED_WITHIN_MS = 2000;
/** Longer than the time for which a client uses an idle connection without testing it. */
const IDLE_MS = 1200;

let neon: LocalNeon;
let relay: Relay;
before(async () => {
  neon = await startLocalNeon({ isJoinable: false });
  await migrate(neon.url);
  const { url } = await neon.branches.create('cases');
  await using session = await connectSession(url);
  await session.query(CREATE_NOTE);
  relay = await startRelay(url);
});
after(async () => {
  await relay[Symbol.asyncDispose]();
  await neon.close();
});

const findings = new Map<string, Map<string, Finding>>();

for (const row of selectRows()) {
  const { name, missing, startApi } = row;
  const found = new Map<string, Finding>();
  findings.set(name, found);
  void test(name, { skip: missing ?? false }, async (t) => {
    await withServer(t, row.startCases(), async ({ origin }) => {
      for (const each of CASE_NAMES) {
        await t.test(each, async () => {
          const outcome = await outcomeOf(origin, each);
          found.set(each, findingOf(outcome));
          expectOutcome(row, each, outcome);
        });
      }
    });
    if (startApi === undefined) return;
    for (const transport of ['http', 'websocket'] as const) {
      const column = API_COLUMNS[transport];
      await t.test(column, async () => {
        found.set(column, { cell: 'fails' });
        const { url } = await neon.branches.create(`api_${(databases += 1)}`);
        const setup = { DATABASE_URL: url, SESSION_SECRET, TRANSPORT: transport };
        await withServer(t, startApi(setup), ({ origin }) => runApiSuite(origin, url));
        found.set(column, { cell: 'works' });
      });
    }
  });
}
let databases = 0;

const isWhole = ROWS.every(({ name, missing }) => findings.has(name) && missing === undefined);
void test('the table of README.md has the results of this run', { skip: !isWhole }, async () => {
  const table = renderTable(ROWS, findings);
  if (process.env['RUNTIMES_WRITE'] !== undefined) await writeTable(table);
  assert.equal(await readTable(), table.trim(), 'Run `pnpm test:runtimes --write`');
});

async function withServer(
  t: TestContext,
  starting: Promise<Started>,
  work: (server: Started) => Promise<void>,
): Promise<void> {
  const server = await starting;
  try {
    await work(server);
  } catch (error) {
    t.diagnostic(server.printed());
    throw error;
  } finally {
    await server.close();
  }
}

/**
 * The outcome of a case. A case with a kept client is requested several times: one after the other, at the same time, and after a pause.
 * Then the worst outcome counts.
 */
async function outcomeOf(origin: string, name: CaseName): Promise<Outcome> {
  const request = { name, context: relay.context };
  const first = await runCase(origin, request);
  if (!name.endsWith('kept client') || first.result === 'failed') return first;
  const outcomes = [first, await runCase(origin, request)];
  outcomes.push(...(await Promise.all([1, 2, 3].map(() => runCase(origin, request)))));
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  outcomes.push(await runCase(origin, request));
  const worst = (result: Outcome['result']) => outcomes.find((outcome) => outcome.result === result);
  return worst('failed') ?? worst('refused') ?? first;
}

function findingOf(outcome: Outcome): Finding {
  if (outcome.result === 'works') return { cell: 'works' };
  return outcome.result === 'failed' ? { cell: 'fails' } : { cell: 'refused', message: outcome.message };
}

function expectOutcome({ refuses = {} }: Row, name: CaseName, outcome: Outcome): void {
  const messagePattern = refuses[name];
  if (messagePattern === undefined) return assert.deepEqual(outcome, { result: 'works' });
  assert.equal(outcome.result, 'refused', JSON.stringify(outcome));
  assert.match(outcome.message, messagePattern);
  assert.ok(outcome.ms < REFUSED_WITHIN_MS, `The refusal came after ${outcome.ms} ms, which is too late`);
}
