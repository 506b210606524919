/** `pg-load.js CONFIG QUERY`: sends the query with `pg` on PostgreSQL's Unix socket. CONFIG is the client's configuration as JSON. */
import { Client, type ClientConfig } from 'pg';

import { runMeasurements } from './measure-load.ts';

const [config = '', query = ''] = process.argv.slice(2);
await runMeasurements(async () => {
  const client = new Client(JSON.parse(config) as ClientConfig);
  await client.connect();
  return { request: () => client.query(query), close: () => client.end() };
});
