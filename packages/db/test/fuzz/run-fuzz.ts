/** Calls every entry with odd values, over both transports, and collects undocumented outcomes. */
import { connectHttp, connectWebSocket, type Database } from '../../src/index.ts';
import { users } from '../../src/queries/index.ts';
import { undocumented } from './documented.ts';
import { type Call, type Entry, ENTRIES, type Target } from './entries.ts';
import { type Odd, oddValues } from './odd-values.ts';

export interface FuzzResult {
  readonly calls: number;
  /** Undocumented outcomes, each with the seed that repeats it. */
  readonly surprises: readonly string[];
}

/** @param rounds The number of times that every entry is called, over both transports. */
export async function runFuzz(url: string, rounds: number, firstSeed: number): Promise<FuzzResult> {
  await using websocket = connectWebSocket(url);
  const databases: [string, Database][] = [
    ['http', connectHttp(url)],
    ['websocket', websocket],
  ];
  const surprises: string[] = [];
  let calls = 0;
  for (const [transport, db] of databases) {
    const { id: ownerId } = await users(db).create({
      email: `fuzz-${transport}-${firstSeed}@example.com`,
      hashedPassword: 'h',
    });
    for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
      for (const [called, entry] of ENTRIES) {
        for (const [index, call] of entry.calls.entries()) {
          calls += 1;
          const surprise = await outcomeOf(call, entry, oddValues(seed * 1000 + calls), { url, db, ownerId });
          if (surprise !== undefined) {
            surprises.push(`${(called as { name: string }).name} (call ${index}, ${transport}): ${surprise}`);
          }
        }
      }
    }
  }
  return { calls, surprises };
}

async function outcomeOf(call: Call, { kinds }: Entry, odd: Odd, target: Target): Promise<string | undefined> {
  try {
    await call(odd, target);
    return undefined;
  } catch (error) {
    return undocumented(error, kinds);
  }
}
