/** Follows docs/grow.md on a copy of this checkout: each step must do what the page says. */
import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Checkout, copyCheckout } from './checkout.ts';
import { sectionsOf, type Step } from './page.ts';

const page = await readFile(new URL('../../../../docs/grow.md', import.meta.url), 'utf8');

let checkout: Checkout;

beforeAll(async () => {
  checkout = await copyCheckout();
  await commit();
}, 300_000);
afterAll(() => checkout[Symbol.asyncDispose]());

/** Commits between two sections, because the page restores uncommitted changes. */
async function commit(): Promise<void> {
  const git = 'git -c user.name=reader -c user.email=reader@example.com';
  await checkout.run(`git init --quiet; git add --all; ${git} commit --quiet --allow-empty --message step`);
}

test.each(sectionsOf(page))('the section "$title" of docs/grow.md works', async ({ steps }) => {
  for (const step of steps) expect(await failureOf(step)).toBeUndefined();
  await commit();
});

/** Returns undefined if the step succeeded. */
async function failureOf(step: Step): Promise<string | undefined> {
  switch (step.kind) {
    case 'write':
      await checkout.write(step.file, step.content);
      return undefined;
    case 'change':
      await checkout.replace(step.file, step.before, step.after);
      return undefined;
    case 'run': {
      const { exitCode, stdout, stderr } = await (step.isOnTerminal
        ? checkout.answer(step.line, RENAMED)
        : checkout.run(step.line));
      return exitCode === 0 ? undefined : `${step.line} ended with ${exitCode}:\n${stdout}${stderr}`;
    }
    default:
      return step satisfies never;
  }
}

/** Selects the second answer of drizzle-kit's question, whose cursor begins at "create column". */
const RENAMED = { question: /rename column/, keys: '\u001B[B\r' };
