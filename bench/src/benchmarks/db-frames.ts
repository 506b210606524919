/** The cost of a query over WebSocket, for three ways to write its five messages. The way of `@todo/db` was chosen by this benchmark. */
import { Client } from '@neondatabase/serverless';

import type { Benchmark } from '../benchmark.ts';
import { readCpuTime } from '../load/cpu-time.ts';
import { type MigratedDatabase, startMigrated } from '../migrated-database.ts';
import { configureNeon } from '../queries/neon-driver.ts';
import { connectSession } from '../workspace.ts';

const WARM_UP_COUNT = 1000;
const COUNT = 500;

type SendQuery = () => Promise<unknown>;

export const dbFrames: readonly Benchmark[] = [
  {
    id: 'db-frames',
    title: '`select $1::int` over WebSocket, from the request to the result',
    unit: 'µs',
    rounds: 15,
    ratio: ratioToBetter,
    run: (measure, context) =>
      withClients(context, (ways) => measure(mapValues(ways, (sendQuery) => () => latencyUs(sendQuery)))),
  },
  {
    id: 'db-frames-cpu',
    title: 'The same, processor time of the client and of the gateway together',
    unit: 'µs',
    goal: { of: 'ratio', bound: 'at most', value: 0.9 },
    rounds: 15,
    ratio: ratioToBetter,
    run: (measure, context) =>
      withClients(context, (ways, { pid }) => measure(mapValues(ways, (sendQuery) => () => cpuTimeUs(sendQuery, pid)))),
  },
];

function ratioToBetter({ ours = NaN, coalesced = NaN, separate = NaN }): number {
  return ours / Math.min(coalesced, separate);
}

/** Opens a connection per way (that of `@todo/db`, and the driver's `coalesceWrites` on and off), and calls `use` with them. */
async function withClients<T>(
  context: Parameters<Benchmark['run']>[1],
  use: (ways: Record<string, SendQuery>, neon: MigratedDatabase) => Promise<T>,
): Promise<T> {
  await using neon = await startMigrated(context);
  configureNeon(neon.url);
  await using session = await connectSession(neon.url);
  const coalesced = await connectDriver(neon.url, true);
  const separate = await connectDriver(neon.url, false);
  const ways = mapValues({ ours: session, coalesced, separate }, (client) => () => client.query('select $1::int', [1]));
  try {
    for (const sendQuery of Object.values(ways)) await repeatQuery(sendQuery, WARM_UP_COUNT);
    return await use(ways, neon);
  } finally {
    await Promise.all([coalesced.end(), separate.end()]);
  }
}

async function connectDriver(url: string, coalesceWrites: boolean): Promise<Client> {
  const client = new Client(url);
  client.neonConfig.coalesceWrites = coalesceWrites;
  await client.connect();
  return client;
}

async function repeatQuery(sendQuery: SendQuery, count = COUNT): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) await sendQuery();
}

async function latencyUs(sendQuery: SendQuery): Promise<number> {
  const startedAt = performance.now();
  await repeatQuery(sendQuery);
  return ((performance.now() - startedAt) * 1000) / COUNT;
}

/** The processor time per query, of this process and of the gateway with this process id. */
async function cpuTimeUs(sendQuery: SendQuery, gatewayPid: number): Promise<number> {
  const [clientBefore, gatewayBefore] = [process.cpuUsage(), await readCpuTime(gatewayPid)];
  await repeatQuery(sendQuery);
  const { user, system } = process.cpuUsage(clientBefore);
  const gatewayUs = (await readCpuTime(gatewayPid)) - gatewayBefore;
  return (user + system + gatewayUs) / COUNT;
}

function mapValues<From, To>(values: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}
