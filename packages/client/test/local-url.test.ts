/** An app finds the local Neon of its checkout by `localUrl()`, and never in production. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { removeLocalNeon, startLocalNeon } from '@todo/local-neon';
import { expect, onTestFinished, test, vi } from 'vitest';

import { localUrl } from '../src/environment.ts';

test('localUrl() finds a running local Neon from any folder of the checkout, and never in production', async () => {
  const root = await mkdtemp(join(tmpdir(), 'todo-local-url-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const [app, dataDir] = [join(root, 'apps', 'one'), join(root, '.local-neon')];
  await mkdir(app, { recursive: true });
  expect(await localUrl(app)).toBeUndefined();
  await writeFile(join(root, 'pnpm-workspace.yaml'), '');
  expect(await localUrl(app)).toBeUndefined();

  const neon = await startLocalNeon({ dataDir });
  onTestFinished(() => void vi.unstubAllEnvs());
  try {
    expect(await localUrl(app)).toBe(neon.url);
    vi.stubEnv('NODE_ENV', 'production');
    expect(await localUrl(app)).toBeUndefined();
    vi.stubEnv('NODE_ENV', 'development');
  } finally {
    await neon.close();
  }
  expect(await localUrl(app)).toBeUndefined();
  await removeLocalNeon(dataDir);
});
