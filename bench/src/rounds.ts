/** Measures every contestant in every round, so that a temporary load of the machine slows all of them down. */
import { endPrograms, runningPrograms } from './programs.ts';

export type Contestant = () => Promise<number>;

/** One value for each contestant, by name. */
export type Round = Readonly<Record<string, number>>;

export interface RoundsOptions {
  readonly rounds: number;
  readonly note: (text: string) => void;
  /** The time limit of a contestant for one measurement. Default 180 000. */
  readonly timeLimitMs?: number;
}

/**
 * Measures every contestant once per round. Every second round runs in reverse order, so that no contestant always follows the same one. A contestant
 * that does not end in time is excluded: its programs are ended, and no round has a value for it.
 * @throws when that contestant is `ours`.
 */
export async function measureRounds(
  contestants: Readonly<Record<string, Contestant>>,
  { rounds, note, timeLimitMs = 180_000 }: RoundsOptions,
): Promise<Round[]> {
  const remaining = new Map(Object.entries(contestants));
  const measured: Record<string, number>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = [...remaining];
    if (round % 2 === 1) order.reverse();
    const values: Record<string, number> = {};
    for (const [name, measure] of order) {
      const value = await measureInTime(measure, timeLimitMs);
      if (value !== undefined) values[name] = value;
      else if (name === 'ours') throw new Error(`The contestant \`ours\` did not end within ${timeLimitMs / 1000} s`);
      else {
        note(`${name} left out: no result within ${timeLimitMs / 1000} s`);
        remaining.delete(name);
      }
    }
    measured.push(values);
  }
  return measured.map((values) => Object.fromEntries(Object.entries(values).filter(([name]) => remaining.has(name))));
}

/** Runs a measurement and returns its value. After the time limit, ends the programs that the contestant started and returns undefined. */
async function measureInTime(measure: Contestant, timeLimitMs: number): Promise<number | undefined> {
  const before = runningPrograms();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, timeLimitMs, undefined);
  });
  const measured = measure();
  try {
    const value = await Promise.race([measured, late]);
    if (value !== undefined) return value;
    // The measurement rejects when its program ends, and no caller awaits it anymore.
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
