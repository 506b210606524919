/**
 * The main loop of every load program. Each line on standard input is a measurement as JSON: the program keeps that many requests under way and
 * prints the result as JSON. The program ends when its input ends.
 */
import { createInterface } from 'node:readline';

export interface Measure {
  readonly concurrency: number;
  readonly ms: number;
  /** The measurement continues until this number of responses. */
  readonly requestsMin?: number;
}

export interface Measured {
  readonly requestsPerSecond: number;
  /** All responses, including those before the measurement. */
  readonly requests: number;
}

/** One connection, one request at a time. */
export interface Lane {
  ask(): Promise<unknown>;
  close(): unknown;
}

/** Requests that are not counted, because they open the connections. */
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
