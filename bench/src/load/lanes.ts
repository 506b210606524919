/**
 * What every load program does: for each line on standard input, a measure as JSON, it keeps that many requests under way and
 * prints what came of it, as JSON. It ends with its input.
 */
import { createInterface } from 'node:readline';

export interface Measure {
  readonly concurrency: number;
  readonly ms: number;
  /** Goes on until so many are answered. */
  readonly requestsMin?: number;
}

export interface Measured {
  readonly requestsPerSecond: number;
  /** Those before the measure included. */
  readonly requests: number;
}

/** One connection, one request at a time. */
export interface Lane {
  ask(): Promise<unknown>;
  close(): unknown;
}

/** Not counted: the far ends of new connections are made. */
const OPENING_MS = 150;

export async function serveMeasures(openLane: () => Promise<Lane>): Promise<void> {
  for await (const line of createInterface(process.stdin)) {
    const { concurrency, ms, requestsMin } = JSON.parse(line) as Measure;
    const lanes = await Promise.all(Array.from({ length: concurrency }, openLane));
    const opening = await keepBusy(lanes, OPENING_MS);
    const { requests, seconds } = await keepBusy(lanes, ms, requestsMin);
    const measured: Measured = { requestsPerSecond: requests / seconds, requests: opening.requests + requests };
    process.stdout.write(`${JSON.stringify(measured)}\n`);
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

async function keepBusy(
  lanes: readonly Lane[],
  ms: number,
  requestsMin = 0,
): Promise<{ requests: number; seconds: number }> {
  const from = performance.now();
  let requests = 0;
  await Promise.all(
    lanes.map(async (lane) => {
      while (performance.now() - from < ms || requests < requestsMin) {
        await lane.ask();
        requests += 1;
      }
    }),
  );
  return { requests, seconds: (performance.now() - from) / 1000 };
}
