/** One worker's share of a long run: every other schema, on a server of its own. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Proof, proveSchema } from '../prove-schema.ts';
import { startServer } from '../server.ts';
import { readOptions } from './options.ts';

export const WORKERS = 2;

/** Leaves each proof in the folder of proofs, a line of JSON, and says on stderr how far it is. */
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
