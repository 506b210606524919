/** The flag `--rows`: the number of rows to generate, by table. */
import { InvalidArgumentError } from 'commander';

/** Numbers of rows, by the names of tables in the flag. */
export type RowCounts = ReadonlyMap<string, number>;

/** Reads `user=1000,todo=100000`. The flag may be given several times; `earlier` has the values of the earlier flags. */
export function readRowCounts(text: string, earlier: RowCounts = new Map()): RowCounts {
  const counts = new Map(earlier);
  for (const part of text.split(',')) {
    const [, name, count] = /^(.+)=(\d{1,9})$/.exec(part) ?? [];
    if (name === undefined) throw new InvalidArgumentError('The format is table=number, such as user=1000.');
    if (counts.has(name)) throw new InvalidArgumentError(`The table ${name} is given twice: give one number.`);
    counts.set(name, Number(count));
  }
  return counts;
}
