/** Contestants in turn, round after round: what slows the machine down for a while slows all of them down. */
import { endPrograms, runningPrograms } from './programs.ts';

export type Contestant = () => Promise<number>;

/** One value for each contestant, by name. */
export type Round = Readonly<Record<string, number>>;

export interface RoundsOptions {
  readonly rounds: number;
  readonly note: (text: string) => void;
  /** How long a contestant may take for one measurement. Default 180 000. */
  readonly limitMs?: number;
}

/**
 * Measures every contestant once in each round; every second round goes backwards, so that none always follows the same one. A contestant
 * that does not answer in time is given up: its programs are ended, and no round has a value of it.
 * @throws when that is `ours`.
 */
export async function playRounds(
  contestants: Readonly<Record<string, Contestant>>,
  { rounds, note, limitMs = 180_000 }: RoundsOptions,
): Promise<Round[]> {
  const playing = new Map(Object.entries(contestants));
  const played: Record<string, number>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = [...playing];
    if (round % 2 === 1) order.reverse();
    const values: Record<string, number> = {};
    for (const [name, measure] of order) {
      const value = await inTime(measure, limitMs);
      if (value !== undefined) values[name] = value;
      else if (name === 'ours') throw new Error(`Ours did not answer within ${limitMs / 1000} s`);
      else {
        note(`${name} given up: no answer within ${limitMs / 1000} s`);
        playing.delete(name);
      }
    }
    played.push(values);
  }
  return played.map((values) => Object.fromEntries(Object.entries(values).filter(([name]) => playing.has(name))));
}

/** Undefined when it is late. Then the programs that it started are ended. */
async function inTime(measure: Contestant, limitMs: number): Promise<number | undefined> {
  const before = runningPrograms();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, limitMs, undefined);
  });
  const measured = measure();
  try {
    const value = await Promise.race([measured, late]);
    if (value !== undefined) return value;
    // It fails when its program ends, and nobody waits for it.
    measured.catch(() => {});
    endPrograms((program) => !before.has(program));
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
