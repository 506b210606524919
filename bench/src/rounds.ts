/** Measures all contestants in each round, so that a temporary load of the machine slows all of them down. */
import { endPrograms, runningPrograms } from './programs.ts';

export type Contestant = () => Promise<number>;

/** One value for each contestant, by name. */
export type Round = Readonly<Record<string, number>>;

export interface RoundsOptions {
  readonly rounds: number;
  readonly note: (text: string) => void;
  /** The time limit of a contestant for one measurement. Default 180 000. */
  readonly limitMs?: number;
}

/**
 * Measures every contestant once per round. Every second round runs in reverse order, so that no contestant always follows the same one. A contestant
 * that does not end in time is excluded: its programs are ended, and no round has a value for it.
 * @throws when that contestant is `ours`.
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
      const value = await measureInTime(measure, limitMs);
      if (value !== undefined) values[name] = value;
      else if (name === 'ours') throw new Error(`Ours did not end within ${limitMs / 1000} s`);
      else {
        note(`${name} left out: no result within ${limitMs / 1000} s`);
        playing.delete(name);
      }
    }
    played.push(values);
  }
  return played.map((values) => Object.fromEntries(Object.entries(values).filter(([name]) => playing.has(name))));
}

/** Runs a measurement. Undefined after the time limit: then the programs that the contestant started are ended. */
async function measureInTime(measure: Contestant, limitMs: number): Promise<number | undefined> {
  const before = runningPrograms();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, limitMs, undefined);
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
