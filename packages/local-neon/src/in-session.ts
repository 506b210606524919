/** A session for a moment. */
import { Client } from 'pg';

/** Connects, works and disconnects. Throws what connecting throws, and what the work does. */
export async function inSession<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  // Not by PGSSLMODE: a local server has no certificate.
  const client = new Client({ connectionString: url, ssl: false });
  // A server that goes away fails the work; as an event that nobody hears, it would end the program too.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
