/** Runs the check for a sabotage of the library's database. */
import { execute } from '../database.ts';
import { prove } from '../prove.ts';
import type { Result } from '../../src/result.ts';
import type { Library } from './library.ts';
import type { LibrarySabotage } from './sabotages.ts';

/** Whether the expected check reports the sabotage. `clean` is an intact database of the library, for comparison. */
export async function isFound(
  library: Library,
  clean: string,
  [id, statements, have]: LibrarySabotage,
): Promise<boolean> {
  const url = await library.open();
  await execute(url, ...statements);
  const [result] = await prove(url, { app: library, only: [id], shadow: clean, mayWrite: true });
  return havesOf(result).some((found) => (typeof have === 'string' ? found === have : have.test(found)));
}

export function havesOf(result: Result | undefined): string[] {
  return (result?.findings ?? []).map(({ have }) => have);
}
