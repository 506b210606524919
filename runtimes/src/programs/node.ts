/** The cases on Node. */
import { serve } from '@hono/node-server';

import { respondToCase } from '../cases/respond.js';

serve({ fetch: respondToCase, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
