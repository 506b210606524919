/** Turns what a driver throws into a cause and a remedy. To know one failure more is one row more. */
import { DatabaseUrlError, maskUrl } from '@todo/db';
import { MigrationError } from '@todo/db/migrate';
import { LocalNeonError } from '@todo/local-neon';

import { databaseError, errorChain } from './error-chain.ts';

export interface Diagnosis {
  readonly cause: string;
  readonly remedy: string;
}

/** Undefined for an error that is none of a database, a network or a connection string: a bug, that is. */
export function diagnose(error: unknown): Diagnosis | undefined {
  if (error instanceof DatabaseUrlError) return { cause: error.message, remedy: COPY_AGAIN };
  if (error instanceof MigrationError)
    return { cause: error.message, remedy: '`pnpm db:status` shows each migration.' };
  if (error instanceof LocalNeonError) {
    return { cause: `No local Neon could be started: ${error.message}`, remedy: 'Or name a database with --url.' };
  }
  const layers = errorChain(error);
  const signature = layers.map(({ name, code, message }) => `${name} ${code ?? ''} ${message}`).join('\n');
  const row = FAILURES.find(([pattern]) => pattern.test(signature));
  if (row !== undefined) return { cause: row[1], remedy: row[2] };

  const refusal = databaseError(error);
  if (refusal !== undefined) {
    return {
      cause: `PostgreSQL refused: ${withoutUrls(refusal.message)} (SQLSTATE ${refusal.code})`,
      // Class 23, a constraint: most often the schema is not what it should be.
      remedy: refusal.code?.startsWith('23')
        ? 'pnpm verify --only schema'
        : 'PostgreSQL explains the code at https://www.postgresql.org/docs/current/errcodes-appendix.html',
    };
  }
  const fromDriver = layers.find(({ name }) => name === 'NeonDbError');
  return fromDriver && { cause: withoutUrls(fromDriver.message), remedy: 'Try again, and see https://neonstatus.com' };
}

const COPY_AGAIN =
  'Copy the connection string from the Neon console, without `psql` and quotes; percent-encode the password.';

/** Tried from the top: what is more precise stands above. Codes, and words of PostgreSQL, Node, the driver and Neon's proxy. */
const FAILURES: readonly (readonly [signature: RegExp, cause: string, remedy: string])[] = [
  [
    /ENOTFOUND|EAI_AGAIN|getaddrinfo/,
    'The host name does not resolve.',
    'Compare the host with the one in the Neon console; try another DNS server or network.',
  ],
  [
    /ECONNREFUSED/,
    'Nothing listens at that host and port.',
    'Start the database (`pnpm db:dev` for the local one), or correct host and port in DATABASE_URL.',
  ],
  [
    /ETIMEDOUT|UND_ERR_(CONNECT|HEADERS)_TIMEOUT|TimeoutError|No connection to .* within/,
    'The database did not answer in time.',
    'A compute that sleeps wakes within seconds: try again, then check firewall and network.',
  ],
  [/bad port/, 'HTTP clients refuse that port.', 'Use another port in DATABASE_URL.'],
  [/EHOSTUNREACH|ENETUNREACH/, 'There is no way to that host.', 'Check network, VPN and firewall.'],
  [
    /This IP address .* is not allowed|blocked network|VPC endpoint/,
    "Neon's IP allow-list does not have this machine's address.",
    'Add the address in the Neon console, under Settings → IP Allow (mind IPv6).',
  ],
  [
    /28P01|password authentication failed/,
    'User or password are not accepted.',
    'Reset the password in the Neon console and copy the connection string again; percent-encode the password.',
  ],
  [/ 28000 |role ".*" does not exist/, 'There is no such user.', 'Correct the user: it may belong to another branch.'],
  [
    / 3D000 |database ".*" does not exist/,
    'There is no database of that name.',
    'Correct the name at the end of the connection string; the first database on Neon is called neondb.',
  ],
  [/connection is insecure/, 'The server asks for TLS.', 'Add `?sslmode=require` to the connection string.'],
  [
    /CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT/,
    "The server's certificate is not trusted.",
    'Check clock and proxy, or name the certificate of your proxy in NODE_EXTRA_CA_CERTS.',
  ],
  [
    /EPROTO|ERR_SSL_|packet length too long|wrong version number/,
    'The other side does not speak TLS.',
    'Only a database on this machine is reached without TLS: write its host as localhost.',
  ],
  [
    /Endpoint ID is not specified/,
    'Neon was not told which endpoint is meant.',
    'Use the host from the Neon console as it is, or add `?options=endpoint%3D<endpoint id>`.',
  ],
  [
    /Inconsistent project name/,
    'Host and `options=endpoint…` name two endpoints.',
    'Remove the option from the connection string.',
  ],
  [
    /endpoint cannot be found/,
    'That endpoint is gone, perhaps with its branch.',
    'Copy the current host from the Neon console.',
  ],
  [/endpoint is disabled/, 'The compute is switched off.', 'Enable it in the Neon console: Branches → Computes.'],
  [
    /Check your quotas|exceeded the .*quota/,
    "The project's quota is used up, or Neon maintains it.",
    'See Billing in the Neon console.',
  ],
  [
    /Control plane request failed|Couldn't connect to compute node/,
    'Neon could not wake the compute.',
    'Try again in a moment; https://neonstatus.com tells of incidents.',
  ],
  [
    / 53300 |Too many connections|Failed to acquire permit|too many clients/,
    'The server has no connection left.',
    'Use the `-pooler` host, and smaller pools.',
  ],
  [/ 57P0[1-3] /, 'The server is starting, stopping, or ended the session.', 'Try again in a moment.'],
  [
    /All attempts to open a WebSocket/,
    'This runtime has no WebSocket.',
    'Use Node 22 or newer, or connect through `connectWebSocket` of @todo/db, which brings one.',
  ],
  [
    /UND_ERR_SOCKET|other side closed|socket hang up|ECONNRESET|EPIPE|HPE_|Unexpected server response|not valid JSON|Server error \(HTTP status 4|ERR_INVALID_URL/,
    "Something answers there, but does not speak Neon's protocol: a plain PostgreSQL, say.",
    'Use a Neon connection string, or a Neon on this machine: `pnpm db:dev` prints its DATABASE_URL.',
  ],
  [
    /Server error \(HTTP status 5|Unexpected server response: 5/,
    'Neon answered with an error of its own.',
    'Try again in a moment; https://neonstatus.com tells of incidents.',
  ],
  [/ 42P01 /, 'A table is missing.', 'pnpm db:migrate'],
  [/ 42703 /, 'A column is missing.', 'pnpm db:migrate'],
  [
    / 42501 /,
    'The user lacks a right that this takes.',
    'Connect as the owner of the tables, or GRANT the right; `pnpm verify --only schema` shows the tables.',
  ],
  [
    / 25006 /,
    'The database can only be read: a read replica, or read-only by default.',
    "Use the connection string of the branch's primary compute.",
  ],
  [
    / (55P03|40P01|40001|57014) /,
    'Somebody else held a lock for too long.',
    'Try again; look for long transactions in pg_stat_activity.',
  ],
  [
    /WebSocket to .* failed|WebSocket .*closed|Connection terminated/,
    'The WebSocket did not open, or broke.',
    'Check that proxy and firewall let WebSockets through; try again.',
  ],
];

function withoutUrls(text: string): string {
  return text.replaceAll(/postgres(ql)?:\/\/\S+/g, maskUrl);
}
