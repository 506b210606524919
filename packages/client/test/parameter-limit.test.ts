/** Too many parameters are detected before anything is sent. The whole range is tested in parameter-limit.stress.ts. */
import { testBranch } from '@todo/local-neon/vitest';
import { inArray } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { connectHttp, connectWebSocket } from './fixture/app.ts';
import { account } from './fixture/schema.ts';

const { url } = await testBranch();

test('66,000 parameters are refused over both transports', async () => {
  const few = inArray(
    account.id,
    Array.from({ length: 66_000 }, (_, index) => index),
  );
  const refusal = {
    kind: 'refused',
    retryable: false,
    message: expect.stringContaining('at most 65,535 parameters, and this one has 66,000. Nothing was sent.'),
  };
  await expect(connectHttp(url).select().from(account).where(few)).rejects.toMatchObject(refusal);
  await using websocket = connectWebSocket(url);
  await expect(websocket.transaction((tx) => tx.delete(account).where(few))).rejects.toMatchObject(refusal);
});
