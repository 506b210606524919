/** The ways in, each through the client that people use for it. */
import { Client as NeonClient, neon, neonConfig } from '@neondatabase/serverless';
import { Client } from 'pg';
import { WebSocket } from 'ws';

// One process, one kind of server: what a client of a local Neon must set, and nothing else.
neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`;

export interface Answer {
  readonly rows: Record<string, unknown>[];
  readonly command: string;
  readonly rowCount: number | null;
}

export interface Connection {
  query(text: string, params?: unknown[]): Promise<Answer>;
  close(): Promise<void>;
}

export const TRANSPORTS = { http: connectHttp, websocket: connectWebSocket, tcp: connectTcp } as const;

export async function connectHttp(url: string): Promise<Connection> {
  const sql = neon(url, { fullResults: true });
  return { query: (text, params) => sql.query(text, params), close: async () => {} };
}

export async function connectWebSocket(url: string): Promise<Connection> {
  const client = createNeonClient(url);
  await client.connect();
  return { query: (text, params) => client.query(text, params), close: () => client.end() };
}

export async function connectTcp(url: string): Promise<Connection> {
  const client = new Client({ connectionString: url });
  // Its server may be killed under it.
  client.on('error', () => {});
  await client.connect();
  return { query: (text, params) => client.query(text, params), close: () => client.end() };
}

/** One question on a connection of its own. */
export async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const connection = await connectTcp(url);
  try {
    return (await connection.query(text)).rows;
  } finally {
    await connection.close();
  }
}

export function createNeonClient(url: string): NeonClient {
  const client = new NeonClient(url);
  client.neonConfig.wsProxy = (host, port) => `${host}:${port}/v2`;
  client.neonConfig.useSecureWebSocket = false;
  client.neonConfig.webSocketConstructor = WebSocket;
  // A session that is ended from the other side after its test concerns nobody.
  client.on('error', () => {});
  return client;
}
