/** Proves one worker's share of a long run: every second schema, on its own server. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Proof, proveSchema } from '../prove-schema.ts';
import { startServer } from '../server.ts';
import { readOptions } from './options.ts';

export const WORKERS = 2;

/** Writes each proof as a line of JSON into the folder of proofs, and prints the progress on standard error. */
export async function proveShare(worker: number): Promise<Proof[]> {
  const { subjects, sabotages, proofs: folder } = readOptions();
  await using server = await startServer();
  const proofs: Proof[] = [];
  for (const subject of subjects.filter((_, place) => place % WORKERS === worker)) {
    const proof = await proveSchema(subject, server, sabotages);
    proofs.push(proof);
    process.stderr.write(`${lineOf(proof)}\n`);
    if (folder !== undefined) await appendFile(join(folder, `${worker}.jsonl`), `${JSON.stringify(proof)}\n`);
  }
  return proofs;
}

function lineOf({ title, faults, tried, durationMs }: Proof): string {
  const caught = tried.filter(({ isCaught }) => isCaught).length;
  return `${faults.length === 0 ? '✓' : '✗'} ${title}: ${caught}/${tried.length} sabotages, ${(durationMs / 1000).toFixed(1)} s`;
}
