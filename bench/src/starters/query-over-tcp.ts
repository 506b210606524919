/** The client for every server with a port. */
import { Client } from 'pg';

export async function queryOverTcp(connectionString: string): Promise<unknown> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return await client.query('select 1');
  } finally {
    await client.end();
  }
}
