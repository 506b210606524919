/**
 * `pnpm test:schemas [--count 200] [--seed 1] [--sabotages 5] [--fixture shop
 * all]`: proves schemas of consecutive seeds, or fixtures, and prints the score. Plain JavaScript: Node 20 cannot run TypeScript, and
 * Vitest does not accept these flags.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const text = { type: 'string' };
const { values } = parseArgs({ options: { count: text, seed: text, sabotages: text, fixture: text } });
const named = Object.entries(values).map(([name, value]) => [`SCHEMAS_${name.toUpperCase()}`, value]);

const proofs = mkdtempSync(join(tmpdir(), 'schemas-proofs-'));
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--config', join(import.meta.dirname, 'score', 'vitest.config.ts')],
  {
    stdio: 'inherit',
    env: { ...process.env, ...Object.fromEntries(named), SCHEMAS_PROOFS: proofs },
  },
);
rmSync(proofs, { recursive: true });
process.exit(status ?? 1);
