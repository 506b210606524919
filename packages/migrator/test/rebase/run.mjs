/** `pnpm test:rebase`: merges and rebases random pairs of branches. Plain JavaScript, because Vitest accepts only its own flags. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const text = { type: 'string' };
const { values } = parseArgs({ options: { count: text, seed: text } });
const named = Object.entries(values).map(([name, value]) => [`REBASE_${name.toUpperCase()}`, value]);

const folder = join(import.meta.dirname, '..', '..');
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--config', 'vitest.stress.config.ts', '--project', 'stress', 'test/rebase/pairs.stress.ts'],
  { cwd: folder, stdio: 'inherit', env: { ...process.env, ...Object.fromEntries(named) } },
);
process.exit(status ?? 1);
