/** A checkout whose tables grow: each command succeeds without another edit, and sabotage of the new tables is found. */
import { type LocalNeon, startLocalNeon } from '@todo/local-neon';
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
  // The failure message contains the whole output.
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
])('%s succeeds after the tables grew', async (line) => {
  expect(await succeed(line)).toMatchObject({ exitCode: 0 });
});

async function verify(url: string, ...flags: string[]): Promise<Report & { readonly exitCode: number | null }> {
  const line = `node apps/verifier/dist/cli.js --url '${url}' --reporter json ${flags.join(' ')}`;
  const { exitCode, stdout } = await checkout.run(line);
  return { exitCode, ...(JSON.parse(stdout) as Report) };
}

interface Report {
  readonly checks: readonly {
    readonly id: string;
    readonly findings?: readonly { readonly have: string; readonly places?: readonly { readonly file: string }[] }[];
  }[];
}

describe('a database that the grown migrations made', () => {
  let neon: LocalNeon;

  beforeAll(async () => {
    neon = await startLocalNeon();
    // The build compiles the new tables; the compiled program is used from here on.
    await succeed(`pnpm build && DATABASE_URL='${neon.url}' node packages/db/dist/cli.js migrate`);
  }, 300_000);
  afterAll(() => neon.close());

  test('passes every check that writes', async () => {
    const { url } = await neon.branches.create('writing');
    const { checks } = await verify(url, '--write');
    expect(checks.flatMap(({ id, findings = [] }) => findings.map(({ have }) => `${id}: ${have}`))).toEqual([]);
  });

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
  ])('is sabotaged by %s, which is found as %s with the line of the schema', async (sql, id, file) => {
    const name = sql.replaceAll(/\W+/g, '-');
    const { url } = await neon.branches.create(name.slice(0, 60));
    await using session = await connectSession(url);
    await session.query(sql);
    const { checks, exitCode } = await verify(url, '--only schema');
    const findings = checks.find((result) => result.id === id)?.findings ?? [];
    expect({ exitCode, places: findings.flatMap(({ places = [] }) => places.map((place) => place.file)) }).toEqual({
      exitCode: 1,
      places: expect.arrayContaining([`packages/db/src/schema/${file}`]),
    });
  });
});
