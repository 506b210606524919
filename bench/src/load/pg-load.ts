/** `pg-load.js CONFIG QUERY`, how to connect as JSON: load with `pg` on PostgreSQL's Unix socket. */
import { Client, type ClientConfig } from 'pg';

import { serveMeasures } from './lanes.ts';

const [config = '', query = ''] = process.argv.slice(2);
await serveMeasures(async () => {
  const client = new Client(JSON.parse(config) as ClientConfig);
  await client.connect();
  return { ask: () => client.query(query), close: () => client.end() };
});
