/** The cases on every runtime, and the table of what they found. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask } from './ask.js';
import { CREATE_NOTE } from './cases/note.js';
import { CASE_NAMES, type CaseName } from './cases/index.js';
import type { Outcome } from './cases/case.js';
import { type Relay, startRelay } from './relay.js';
import { chosenRows } from './rows/index.js';
import type { Row } from './rows/row.js';
import { connectSession, type LocalNeon, startLocalNeon } from './workspace.js';

/** How soon a runtime says that it cannot do a thing. */
const REFUSED_WITHIN_MS = 2000;

let neon: LocalNeon;
let relay: Relay;
before(async () => {
  neon = await startLocalNeon({ isJoinable: false });
  await using session = await connectSession(neon.url);
  await session.query(CREATE_NOTE);
  relay = await startRelay(neon.url);
});
after(async () => {
  await relay[Symbol.asyncDispose]();
  await neon.close();
});

for (const row of chosenRows()) {
  void test(row.name, { skip: row.missing ?? false }, async (t) => {
    const server = await row.startCases();
    try {
      for (const name of CASE_NAMES) await t.test(name, async () => judge(row, name, await outcomeOf(server.origin, name)));
    } catch (error) {
      t.diagnostic(server.printed());
      throw error;
    } finally {
      await server.close();
    }
  });
}

/** A client is kept across requests, one after the other and at the same time. Of their outcomes, the worst counts. */
async function outcomeOf(origin: string, name: CaseName): Promise<Outcome> {
  const question = { name, context: relay.context };
  const first = await ask(origin, question);
  if (!name.endsWith('kept client')) return first;
  const outcomes = [first, await ask(origin, question)];
  outcomes.push(...(await Promise.all([1, 2, 3].map(() => ask(origin, question)))));
  const worst = (result: Outcome['result']) => outcomes.find((outcome) => outcome.result === result);
  return worst('failed') ?? worst('refused') ?? first;
}

function judge({ refuses = {} }: Row, name: CaseName, outcome: Outcome): void {
  const words = refuses[name];
  if (words === undefined) return assert.deepEqual(outcome, { result: 'works' });
  assert.equal(outcome.result, 'refused', JSON.stringify(outcome));
  assert.match(outcome.message, words);
  assert.ok(outcome.ms < REFUSED_WITHIN_MS, `It was refused after ${outcome.ms} ms`);
}
