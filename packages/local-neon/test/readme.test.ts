import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { emptyBranch } from '../src/vitest.ts';
import { startProgram } from './program.ts';
import { everyClient } from './readme.ts';

const { url } = await emptyBranch();

test('the driver, Drizzle and Kysely reach the server with the settings of the README', async () => {
  const program = startProgram([process.execPath, '--input-type=module', '-e', await everyClient()], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { PATH: process.env.PATH, DATABASE_URL: url },
  });
  expect(await program.exited).toEqual({ code: 0, stdout: '[1,2,3,4]\n', stderr: '' });
});
