/** The cases on Node. */
import { serve } from '@hono/node-server';

import { answer } from '../cases/answer.js';

serve({ fetch: answer, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
