/** Reads and prepares a database without the code under test. */
import { connectSession } from '@todo/client/session';

/** Runs statements in order in a new session, and returns the rows of the last one. */
export async function query(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  // A login takes longer on a slow machine.
  await using session = await connectSession(url, { connectTimeoutMs: 60_000 });
  let rows: Record<string, unknown>[] = [];
  for (const statement of statements) ({ rows } = await session.query(statement));
  return rows;
}
