/** Proves thirty generated schemas, the schemas that once raised a wrong finding, and all written fixtures, with five sabotages of each. */
import { expect, it } from 'vitest';

import { type Proof, proveSchema } from './prove-schema.ts';
import { scoreOf } from './score/score.ts';
import { startServer } from './server.ts';
import { fixtureSubjects, generatedSubject } from './subject.ts';

const SEEDS = [...Array.from({ length: 30 }, (_, place) => place + 1), 36, 48, 51, 84, 130, 165];

it('no intact schema raises a finding, and 98 of 100 sabotages are found under their ids', async () => {
  const proofs = await proveInTwoLanes();
  process.stdout.write(`${scoreOf(proofs)}\n`);
  const tried = proofs.flatMap((proof) => proof.tried);
  expect(proofs.flatMap(({ faults }) => faults)).toEqual([]);
  expect(tried.filter(({ isCaught }) => isCaught).length).toBeGreaterThanOrEqual(tried.length * 0.98);
});

async function proveInTwoLanes(): Promise<Proof[]> {
  const waiting = [...fixtureSubjects(), ...SEEDS.map(generatedSubject)];
  const proofs: Proof[] = [];
  const lane = async () => {
    await using server = await startServer();
    for (let subject = waiting.shift(); subject !== undefined; subject = waiting.shift()) {
      proofs.push(await proveSchema(subject, server, 5));
    }
  };
  await Promise.all([lane(), lane()]);
  return proofs;
}
