/** The transports, each with its usual client. */
import { Client as NeonClient, neon, neonConfig } from '@neondatabase/serverless';
import { Client } from 'pg';
import { WebSocket } from 'ws';

// The settings that Neon's driver needs for a local Neon, and no others.
neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`;

export interface QueryResult {
  readonly rows: Record<string, unknown>[];
  readonly command: string;
  readonly rowCount: number | null;
}

export interface Connection {
  query(text: string, params?: unknown[]): Promise<QueryResult>;
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
  // A test may kill the server.
  client.on('error', () => {});
  await client.connect();
  return { query: (text, params) => client.query(text, params), close: () => client.end() };
}

/** Runs one query on a new connection. */
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
  // Ignore a session that the server ends after its test.
  client.on('error', () => {});
  return client;
}
