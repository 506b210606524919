/** The tests of the reference app on every runtime that it is started on, over both transports. */
import { after, before, test } from 'node:test';

import { runApiSuite, SESSION_SECRET } from './api-suite.js';
import { chosenRows } from './rows/index.js';
import { type LocalNeon, migrate, startLocalNeon } from './workspace.js';

let neon: LocalNeon;
before(async () => {
  neon = await startLocalNeon({ isJoinable: false });
  await migrate(neon.url);
});
after(() => neon.close());

let databases = 0;
for (const { name, missing, startApi } of chosenRows()) {
  if (startApi === undefined) continue;
  for (const TRANSPORT of ['http', 'websocket'] as const) {
    void test(`the API on ${name}, ${TRANSPORT}`, { skip: missing ?? false }, async () => {
      const { url } = await neon.branches.create(`api_${(databases += 1)}`);
      const server = await startApi({ DATABASE_URL: url, SESSION_SECRET, TRANSPORT });
      try {
        await runApiSuite(server.origin, url);
      } finally {
        await server.close();
      }
    });
  }
}
