/** Queries a database independently of the tested code. */
import { connectSession } from '@todo/client/session';

/** Runs statements one after the other in a new session. Returns the rows of the last one. */
export async function query(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  // A login may take long on a busy machine.
  await using session = await connectSession(url, { connectTimeoutMs: 60_000 });
  let rows: Record<string, unknown>[] = [];
  for (const statement of statements) ({ rows } = await session.query(statement));
  return rows;
}
