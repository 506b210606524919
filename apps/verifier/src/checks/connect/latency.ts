import { type Database, isLoopback } from '@todo/client';
import { sql } from 'drizzle-orm';

import { type Check, type Context, type Finding, onlyFindings, verdict } from '../../check.ts';
import type { Evidence } from '../../evidence.ts';
import { firstQueryMs } from './first-query.ts';

/** Sequences of queries that run at the same time, which shortens the check. More lanes would measure the wait for a connection. */
const LANES = 4;
const QUERIES_PER_LANE = 5;

export const latency: Check = {
  id: 'connect/latency',
  title: 'Query latency is close to the network round trip',
  method: 'Times the first query of the run, then twenty `select 1` over each transport.',
  why: 'Every query of every request waits that long.',
  remedy: 'Run the application in the region of the database.',
  severity: 'warning',
  mode: 'reads',
  needs: ['connect/http', 'connect/websocket'],
  takesLong: true,
  run: async (context) => {
    const [http, websocket] = await Promise.all([
      measureLatency(context.http, 'http', context),
      measureLatency(context.websocket, 'websocket', context),
    ]);
    const medians = [http, websocket].map(({ transport, medianMs, p95Ms }) => `${transport} ${medianMs}/${p95Ms} ms`);
    // On this machine the network takes no time: a slow query has another cause.
    const findings = isLoopback(context.url) ? [] : [...toFindings(http), ...toFindings(websocket)];
    return verdict(findings, `median and p95: ${medians.join(', ')}`);
  },
};

type Latency = Extract<Evidence, { kind: 'latency' }>;

/** Times queries over a transport, and records the result as evidence. */
async function measureLatency(db: Database, transport: Latency['transport'], context: Context): Promise<Latency> {
  const timeQuery = async () => {
    const startedAt = performance.now();
    await db.execute(sql`select 1`);
    return performance.now() - startedAt;
  };
  const startedAt = performance.now();
  // Not counted: these queries open a connection for each lane. Over HTTP, an earlier check has started the compute.
  const warmUps = Array.from({ length: LANES }, timeQuery);
  await Promise.any(warmUps);
  const firstMs = transport === 'http' ? await firstQueryMs(context) : Math.round(performance.now() - startedAt);
  await Promise.all(warmUps);
  const times: number[] = [];
  const runLane = async () => {
    for (let turn = 0; turn < QUERIES_PER_LANE; turn += 1) times.push(await timeQuery());
  };
  await Promise.all(Array.from({ length: LANES }, runLane));
  const sorted = times.toSorted((a, b) => a - b);
  // The time within which this share of the queries ended, rounded to a tenth of a millisecond.
  const percentile = (share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;
  const measured = { kind: 'latency', transport, firstMs, medianMs: percentile(0.5), p95Ms: percentile(0.95) } as const;
  context.show(measured);
  return measured;
}

/** The start of a suspended compute takes at least this long. Without such a start, the first query takes only some round trips. */
const WAKE_MS = 1000;
const FIRST_QUERY_ROUND_TRIPS = 10;
const MEDIAN_MS_MAX = 100;

export function toFindings({ transport, firstMs, medianMs }: Omit<Latency, 'kind'>): Finding[] {
  return onlyFindings([
    firstMs > WAKE_MS + FIRST_QUERY_ROUND_TRIPS * medianMs && {
      have: `the first query over ${transport} took ${firstMs} ms, later ones ${medianMs} ms`,
      want: 'no wait for a suspended compute',
      why: 'The first request after a pause waits until the compute has started.',
      fix: 'Allow 10 s to connect, or disable scale to zero for this compute.',
    },
    medianMs > MEDIAN_MS_MAX && {
      have: `${medianMs} ms per query over ${transport}`,
      want: `less than ${MEDIAN_MS_MAX} ms`,
    },
  ]);
}
