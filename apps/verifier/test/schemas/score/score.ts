/** Summarizes many proofs as text. */
import type { Proof, Tried } from '../prove-schema.ts';

/** Such as `200/200 schemas green, 0 false findings; 981/1000 sabotages under the right id`, then a line for each failure. */
export function scoreOf(proofs: readonly Proof[]): string {
  const green = proofs.filter(({ faults }) => faults.length === 0);
  const faults = proofs.flatMap((proof) => proof.faults);
  const tried = proofs.flatMap((proof) => proof.tried);
  const caught = tried.filter(({ isCaught }) => isCaught);
  const seconds = proofs.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000 / Math.max(proofs.length, 1);
  return [
    ...proofs.flatMap(describeFaults),
    ...proofs.flatMap(describeMissed),
    `${green.length}/${proofs.length} schemas green, ${faults.length} false findings; ` +
      `${caught.length}/${tried.length} sabotages under the right id; ${seconds.toFixed(1)} s for each schema`,
  ].join('\n');
}

function describeFaults({ title, repeat, faults }: Proof): string[] {
  return faults.length === 0 ? [] : [`✗ ${title} (${repeat})`, ...faults.map((fault) => `    ${fault}`)];
}

function describeMissed({ title, tried, repeat }: Proof): string[] {
  const missed = tried.filter(({ isCaught }) => !isCaught);
  return missed.map((one) => `missed in ${title} (${repeat}): ${describeTried(one)}`);
}

function describeTried({ sabotage: { title, sql, expected }, found }: Tried): string {
  return `${title}: ${sql.join('; ')} (expected ${expected.join(' or ')}, found ${found.join(', ') || 'nothing'})`;
}
