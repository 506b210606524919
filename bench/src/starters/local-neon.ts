/** local-neon, queried through its port. */
import { mkdir } from 'node:fs/promises';

import { queryOverTcp } from './query-over-tcp.ts';
import type { Starter } from './starter.ts';
import { startLocalNeon } from '../workspace.ts';

export const start: Starter = async (folder) => {
  await mkdir(folder, { recursive: true });
  const neon = await startLocalNeon({ dataDir: folder });
  return { query: () => queryOverTcp(neon.url), stop: () => neon.close() };
};
