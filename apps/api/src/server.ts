#!/usr/bin/env node
/** The program for a deployment: serves the API, configured by environment variables, and logs to standard output. */
import { loadEnvironment } from '@todo/db/environment';

import { logTo } from './log.ts';
import { serveApi } from './serve.ts';
import { waitForStop } from './wait-for-stop.ts';

const SECRET_LENGTH_MIN = 32;

async function main(): Promise<void> {
  const { databaseUrl } = loadEnvironment();
  const { SESSION_SECRET = '', PORT = '8787', HOST = '0.0.0.0', TRANSPORT = 'websocket', NODE_ENV } = process.env;
  if (databaseUrl === undefined)
    throw new Error('DATABASE_URL is not set. For a server on this machine run `pnpm dev`.');
  if (SESSION_SECRET.length < SECRET_LENGTH_MIN) {
    throw new Error(
      `SESSION_SECRET is not set, or shorter than ${SECRET_LENGTH_MIN} characters. \`openssl rand -hex 32\` generates one.`,
    );
  }
  if (TRANSPORT !== 'http' && TRANSPORT !== 'websocket') throw new Error('TRANSPORT must be `http` or `websocket`.');
  const api = await serveApi({
    databaseUrl,
    transport: TRANSPORT,
    sessionSecret: SESSION_SECRET,
    isSecure: NODE_ENV === 'production',
    port: Number(PORT),
    host: HOST,
    log: logTo(process.stdout),
  });
  process.stderr.write(`The todo API listens on ${api.origin}\n`);
  await waitForStop(api.close);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'The API could not start.'}\n`);
  process.exit(1);
});
