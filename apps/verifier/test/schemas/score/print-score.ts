/** Prints the score of all workers after they have ended. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Proof } from '../prove-schema.ts';
import { readOptions } from './options.ts';
import { scoreOf } from './score.ts';

/** The share of the sabotages that must be found under the right id. */
const CAUGHT_LEAST = 0.98;

export default function printScore(): () => Promise<void> {
  return async () => {
    const { proofs: folder } = readOptions();
    if (folder === undefined) return;
    const files = (await readdir(folder)).filter((file) => file.endsWith('.jsonl'));
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
    const proofs = lines.map((line) => JSON.parse(line) as Proof);
    process.stdout.write(`${scoreOf(proofs)}\n`);
    const tried = proofs.flatMap((proof) => proof.tried);
    if (tried.filter(({ isCaught }) => isCaught).length < tried.length * CAUGHT_LEAST) process.exitCode = 1;
  };
}
