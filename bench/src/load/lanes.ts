/**
 * What every load program does: for each line on standard input, a measure as JSON, it keeps that many requests under way and
 * prints how many a second were answered. It ends with its input.
 */
import { createInterface } from 'node:readline';

export interface Measure {
  readonly concurrency: number;
  readonly ms: number;
}

/** One connection, one request at a time. */
export interface Lane {
  ask(): Promise<unknown>;
  close(): unknown;
}

/** Not counted: connections are made, code gets compiled. */
const WARM_UP_MS = 150;

export async function serveMeasures(openLane: () => Promise<Lane>): Promise<void> {
  for await (const line of createInterface(process.stdin)) {
    const { concurrency, ms } = JSON.parse(line) as Measure;
    const lanes = await Promise.all(Array.from({ length: concurrency }, openLane));
    await keepBusy(lanes, WARM_UP_MS);
    process.stdout.write(`${await keepBusy(lanes, ms)}\n`);
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

async function keepBusy(lanes: readonly Lane[], ms: number): Promise<number> {
  const from = performance.now();
  let answered = 0;
  await Promise.all(
    lanes.map(async (lane) => {
      while (performance.now() - from < ms) {
        await lane.ask();
        answered += 1;
      }
    }),
  );
  return (answered * 1000) / (performance.now() - from);
}
