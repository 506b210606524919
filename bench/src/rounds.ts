/** Contestants in turn, round after round: what slows the machine down for a while slows all of them down. */
export type Contestant = () => Promise<number>;

/** One value for each contestant, by name. */
export type Round = Readonly<Record<string, number>>;

/** Measures every contestant once in each round; every second round goes backwards, so that none always follows the same one. */
export async function playRounds(contestants: Readonly<Record<string, Contestant>>, rounds: number): Promise<Round[]> {
  const played: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = Object.entries(contestants);
    if (round % 2 === 1) order.reverse();
    const values: Record<string, number> = {};
    for (const [name, measure] of order) values[name] = await measure();
    played.push(values);
  }
  return played;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
