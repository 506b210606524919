/** A checkout whose tables grow stays proved: each command is green without another edit, and sabotage of the new tables is found. */
import { startLocalNeon } from '@todo/local-neon';
import { connectSession } from '@todo/client/session';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Checkout, copyCheckout, type Outcome } from './checkout.ts';
import { growSchema } from './new-schema.ts';

let checkout: Checkout;

beforeAll(async () => {
  checkout = await copyCheckout();
  await growSchema(checkout);
  await succeed('pnpm db:generate --name grow');
}, 300_000);
afterAll(() => checkout[Symbol.asyncDispose]());

async function succeed(line: string): Promise<Outcome> {
  const outcome = await checkout.run(line);
  // All that it printed belongs to the failure.
  if (outcome.exitCode !== 0)
    throw new Error(`${line} ended with ${outcome.exitCode}:\n${outcome.stdout}${outcome.stderr}`);
  return outcome;
}

test.each([
  'pnpm check',
  'pnpm verify',
  'pnpm db:migrate',
  'pnpm db:status',
  'pnpm db:push',
  'pnpm db:seed',
  'pnpm db:seed',
  'pnpm db:status',
  'pnpm db:reset',
  'pnpm db:status',
  'pnpm test',
])('%s is green after the tables grew', async (line) => {
  expect(await succeed(line)).toMatchObject({ exitCode: 0 });
});

test('the grown database passes every check that writes, without a warning or a row that could not be made', async () => {
  await using neon = await startLocalNeon();
  await succeed(`DATABASE_URL='${neon.url}' pnpm db:migrate`);
  const { stdout } = await succeed(`pnpm verify --url '${neon.url}' --write --reporter json`);
  const { results } = JSON.parse(stdout) as Report;
  expect(results.flatMap(({ id, findings = [] }) => findings.map(({ have }) => `${id}: ${have}`))).toEqual([]);
});

interface Report {
  readonly results: readonly {
    readonly id: string;
    readonly findings?: readonly { readonly have: string; readonly places?: readonly { readonly file: string }[] }[];
  }[];
}

describe('sabotage of a new table is found under its id, with the line of the schema', () => {
  test.each([
    ['alter table attachment drop column ratio', 'schema/column-missing', 'attachment.ts'],
    ['alter table attachment alter price type numeric(12, 2)', 'schema/column-type', 'attachment.ts'],
    ['alter table attachment drop constraint attachment_size', 'schema/constraint-missing', 'attachment.ts'],
    ['drop index idx_attachment_todo_id', 'schema/index-missing', 'attachment.ts'],
    ['drop index idx_tag_name_unique', 'schema/index-missing', 'tag.ts'],
    ['alter table todo_tag drop constraint todo_tag_todo_id_tag_id_pk', 'schema/primary-key', 'todo-tag.ts'],
    ['alter table todo_tag drop constraint todo_tag_tag_id_tag_id_fk', 'schema/fk-missing', 'todo-tag.ts'],
    ['alter table todo alter priority drop default', 'schema/column-default', 'todo.ts'],
    [`alter type todo_priority add value 'urgent'`, 'schema/enum', 'todo-priority.ts'],
    ['alter table "user" alter display_name drop not null', 'schema/column-nullability', 'user.ts'],
  ])('%s', async (sql, id, file) => {
    await using neon = await startLocalNeon();
    await succeed(`DATABASE_URL='${neon.url}' pnpm db:migrate`);
    await using session = await connectSession(neon.url);
    await session.query(sql);
    const { stdout, exitCode } = await checkout.run(`pnpm verify --url '${neon.url}' --only schema --reporter json`);
    const { results } = JSON.parse(stdout) as Report;
    const findings = results.find((result) => result.id === id)?.findings ?? [];
    expect({ exitCode, places: findings.flatMap(({ places = [] }) => places.map((place) => place.file)) }).toEqual({
      exitCode: 1,
      places: expect.arrayContaining([`packages/db/src/schema/${file}`]),
    });
  });
});
