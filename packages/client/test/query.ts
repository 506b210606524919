/** A look into a database from outside what is tested. */
import { connectSession } from '../src/session.ts';

/** Runs statements one after the other in a session of their own; returns the last one's rows. */
export async function query(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  // How soon a login is through says the machine.
  await using session = await connectSession(url, { connectTimeoutMs: 60_000 });
  let rows: Record<string, unknown>[] = [];
  for (const statement of statements) ({ rows } = await session.query(statement));
  return rows;
}
